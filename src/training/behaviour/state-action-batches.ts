import type { Random } from '../../core/random.js';
import type { Histories } from '../../recommend/behaviour/histories.js';
import type { Values } from '../../tensor/engine.js';
import type { ItemFeatures } from './item-features.js';
import { forEachEntry, type Pairs } from './pairs.js';

/** Added to the logit of an action that is no wrong answer: its exp is 0. */
const NEVER = -1e9;
/** The most entries of a state that is cut. */
const SHORT = 5;

export interface BatchOptions {
  readonly batch: number;
  /** Actions drawn by chance among all that anybody took, beside those of the batch. */
  readonly drawn: number;
  /** Entries of a history that are looked at: the newest before the action. */
  readonly positions: number;
  /** Share of the ids of a batch that are dropped, so that what is given of an item has to do. */
  readonly dropped: number;
  /** Share of the states that are cut to a few of their newest entries. */
  readonly cut: number;
  readonly random: Random;
  /** Row of each item's id, [items]; 0 where it has none. */
  readonly idRows: Uint32Array;
  readonly features: ItemFeatures;
}

/** Parts of the most items of a batch by which a batch's number of items is rounded up: each size is compiled once. */
const SIZES = 8;

/** Sizes of the tensors of one batch: B pairs over U items, of which C are candidates. */
export interface BatchSizes {
  readonly batch: number;
  /** The most there can be; a batch has as many eighths of it as it needs. */
  readonly items: number;
  readonly candidates: number;
}

/** Tensors of a batch, those of its items at their largest. */
interface Batch {
  readonly entries: Int32Array;
  readonly weights: Float32Array;
  readonly correction: Float32Array;
  readonly targets: Float32Array;
  readonly ids: Int32Array;
  readonly features: Float32Array;
}

/**
 * Batches of (state, action) pairs, each a function of the seed and the step alone, so that a run can go on anywhere.
 * Items are numbered anew in each batch, so that a step sees only those that it needs.
 */
export class StateActionBatches {
  readonly sizes: BatchSizes;
  readonly stepsPerEpoch: number;
  /** Items somebody took, and the share of the pairs each is the action of, [items]. */
  readonly #taken: Uint32Array;
  readonly #shares: Float64Array;
  /** Place of each item in the batch, and its column among the candidates; −1 where it is not there; [items]. */
  readonly #places: Int32Array;
  readonly #columns: Int32Array;
  /** Written anew for each batch: new memory each time would keep the collector of garbage busy. */
  readonly #memory: Batch;
  #order: { readonly epoch: number; readonly order: Uint32Array } | undefined;

  constructor(
    private readonly histories: Histories,
    private readonly pairs: Pairs,
    private readonly options: BatchOptions,
  ) {
    const { items, itemAt } = histories;
    const counts = new Uint32Array(items);
    for (const at of pairs.positions) counts[itemAt[at]!]!++;
    this.#taken = Uint32Array.from(counts.keys()).filter((item) => counts[item]! > 0);
    this.#shares = Float64Array.from(counts, (count) => count / Math.max(1, pairs.positions.length));
    this.#places = new Int32Array(items).fill(-1);
    this.#columns = new Int32Array(items).fill(-1);
    const batch = Math.min(options.batch, pairs.positions.length);
    const candidates = Math.min(this.#taken.length, batch + options.drawn);
    this.sizes = { batch, candidates, items: Math.min(items, batch * options.positions + candidates) };
    const { items: most } = this.sizes;
    this.#memory = {
      entries: new Int32Array(batch * options.positions),
      weights: new Float32Array(batch * options.positions),
      correction: new Float32Array(batch * candidates),
      targets: new Float32Array(batch * candidates),
      ids: new Int32Array(most),
      features: new Float32Array(most * options.features.width),
    };
    this.stepsPerEpoch = Math.max(1, Math.floor(pairs.positions.length / Math.max(1, batch)));
  }

  /** The inputs of a step beside the parameters, valid until the next are asked for: see `BatchTensors`. */
  at(step: number): Values {
    const random = this.options.random.fork(`step ${step}`);
    const chosen = this.#chosen(step);
    const actions = Array.from(chosen, (pair) => this.histories.itemAt[this.pairs.positions[pair]!]!);
    const candidates = this.#candidates([...new Set(actions)], random);
    for (const [column, item] of candidates.entries()) this.#columns[item] = column;
    const present: number[] = [];
    const placeOf = (item: number): number => {
      if (this.#places[item]! < 0) this.#places[item] = present.push(item) - 1;
      return this.#places[item]!;
    };
    const batch = {
      ...this.#states(chosen, placeOf, random),
      correction: this.#correction(chosen, actions, candidates),
      candidates: Int32Array.from(candidates, placeOf),
      targets: this.#targets(actions, candidates.length),
    };
    for (const item of present) this.#places[item] = -1;
    for (const item of candidates) this.#columns[item] = -1;
    return { ...batch, ...this.#given(present, random) };
  }

  /** Numbers of the pairs of a step. */
  #chosen(step: number): Uint32Array {
    const epoch = Math.floor(step / this.stepsPerEpoch);
    if (this.#order?.epoch !== epoch) {
      const order = this.options.random.fork(`epoch ${epoch}`).permutation(this.pairs.positions.length);
      this.#order = { epoch, order };
    }
    const from = (step % this.stepsPerEpoch) * this.sizes.batch;
    return this.#order.order.subarray(from, from + this.sizes.batch);
  }

  /** The actions of the batch, then others drawn by chance. */
  #candidates(actions: readonly number[], random: Random): readonly number[] {
    const { candidates: count } = this.sizes;
    if (count === this.#taken.length) return [...this.#taken];
    const found = new Set(actions);
    while (found.size < count) found.add(this.#taken[random.int(this.#taken.length)]!);
    return [...found];
  }

  /** Entries of the states by their places in the batch, [B·H], and their weights, [B, H]; the newest first. */
  #states(chosen: Uint32Array, placeOf: (item: number) => number, random: Random): Values {
    const { positions, cut } = this.options;
    const { entries, weights } = this.#memory;
    entries.fill(0);
    weights.fill(0);
    for (const [row, pair] of chosen.entries()) {
      const most = random.chance(cut) ? 1 + random.int(Math.min(SHORT, positions)) : positions;
      forEachEntry(this.histories, this.pairs, pair, most, (step, item, weight) => {
        entries[row * positions + step] = placeOf(item);
        weights[row * positions + step] = weight;
      });
    }
    return { entries, weights };
  }

  /**
   * [B, C]: −log of the probability that an action is among the candidates of a batch, as somebody's action or drawn;
   * never a wrong answer is what the person had touched before.
   */
  #correction(chosen: Uint32Array, actions: readonly number[], candidates: readonly number[]): Float32Array {
    const { batch } = this.sizes;
    const own = new Set(actions).size;
    const rest = this.#taken.length - own;
    const drawn = rest === 0 ? 1 : (candidates.length - own) / rest;
    const awaited = Float32Array.from(
      candidates,
      (item) => -Math.log(1 - (1 - this.#shares[item]!) ** batch * (1 - drawn)),
    );
    const { correction } = this.#memory;
    for (const [row, pair] of chosen.entries()) {
      correction.set(awaited, row * candidates.length);
      forEachEntry(this.histories, this.pairs, pair, Number.POSITIVE_INFINITY, (_, item) => {
        const column = this.#columns[item]!;
        if (column >= 0 && item !== actions[row]) correction[row * candidates.length + column] = NEVER;
      });
    }
    return correction;
  }

  /** [B, C]: 1 at the action of each pair. */
  #targets(actions: readonly number[], candidates: number): Float32Array {
    const { targets } = this.#memory;
    targets.fill(0);
    for (const [row, item] of actions.entries()) targets[row * candidates + this.#columns[item]!] = 1;
    return targets;
  }

  /** Rows of the ids of the batch's items, some of them dropped, and what is given of the items. */
  #given(present: readonly number[], random: Random): Values {
    const { features, dropped, idRows } = this.options;
    const part = Math.ceil(this.sizes.items / SIZES);
    const items = Math.min(this.sizes.items, Math.max(1, Math.ceil(present.length / part)) * part);
    const ids = this.#memory.ids.subarray(0, items).fill(0);
    const given = this.#memory.features.subarray(0, items * features.width).fill(0);
    for (const [place, item] of present.entries()) {
      ids[place] = random.chance(dropped) ? 0 : idRows[item]!;
      features.write(item, given, place * features.width);
    }
    return { ids, ...(features.width > 0 && { features: given }) };
  }
}
