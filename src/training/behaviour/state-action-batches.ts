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

/** Sizes of the tensors of one batch: B pairs over U items, of which C are candidates. */
export interface BatchSizes {
  readonly batch: number;
  readonly items: number;
  readonly candidates: number;
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
  /** Place of each item in the batch, −1 where it is not there; [items]. */
  readonly #places: Int32Array;
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
    const batch = Math.min(options.batch, pairs.positions.length);
    const candidates = Math.min(this.#taken.length, batch + options.drawn);
    this.sizes = { batch, candidates, items: Math.min(items, batch * options.positions + candidates) };
    this.stepsPerEpoch = Math.max(1, Math.floor(pairs.positions.length / Math.max(1, batch)));
  }

  /** The inputs of a step beside the parameters: see `BatchTensors`. */
  at(step: number): Values {
    const { batch, items: most, candidates: count } = this.sizes;
    const { positions, features, dropped, idRows } = this.options;
    const random = this.options.random.fork(`step ${step}`);
    const chosen = this.#chosen(step);
    const present: number[] = [];
    const placeOf = (item: number): number => {
      if (this.#places[item]! < 0) {
        this.#places[item] = present.length;
        present.push(item);
      }
      return this.#places[item]!;
    };

    const actions = Array.from(chosen, (pair) => this.histories.itemAt[this.pairs.positions[pair]!]!);
    const candidates = this.#candidates([...new Set(actions)], count, random);
    const columns = new Map(candidates.map((item, column) => [item, column]));
    const entries = new Int32Array(batch * positions);
    const weights = new Float32Array(batch * positions);
    const correction = new Float32Array(batch * count);
    const drawn = this.#logQ(candidates, new Set(actions).size);
    for (const [row, pair] of chosen.entries()) {
      correction.set(drawn, row * count);
      const kept = random.chance(this.options.cut) ? 1 + random.int(SHORT) : positions;
      forEachEntry(this.histories, this.pairs, pair, kept, (step, item, weight) => {
        entries[row * positions + step] = placeOf(item);
        weights[row * positions + step] = weight;
      });
      this.#forEachBefore(pair, (item) => {
        const column = columns.get(item);
        if (column !== undefined && item !== actions[row]) correction[row * count + column] = NEVER;
      });
    }
    const places = Int32Array.from(candidates, placeOf);
    const ids = new Int32Array(most);
    const given = new Float32Array(most * features.width);
    present.forEach((item, place) => {
      ids[place] = random.chance(dropped) ? 0 : idRows[item]!;
      features.write(item, given, place * features.width);
      this.#places[item] = -1;
    });
    return {
      ids,
      ...(features.width > 0 && { features: given }),
      entries,
      weights,
      candidates: places,
      correction,
      targets: Int32Array.from(actions, (item) => columns.get(item)!),
    };
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
  #candidates(actions: readonly number[], count: number, random: Random): number[] {
    if (count === this.#taken.length) return [...this.#taken];
    const found = new Set(actions);
    while (found.size < count) found.add(this.#taken[random.int(this.#taken.length)]!);
    return [...found];
  }

  /** −log of the probability that an action is among the candidates of a batch: as another's action, or drawn. */
  #logQ(candidates: readonly number[], actions: number): Float32Array {
    const rest = this.#taken.length - actions;
    const drawn = rest <= 0 ? 1 : (candidates.length - actions) / rest;
    return Float32Array.from(
      candidates,
      (item) => -Math.log(1 - (1 - this.#shares[item]!) ** this.sizes.batch * (1 - drawn)),
    );
  }

  #forEachBefore(pair: number, visit: (item: number) => void): void {
    const { starts, itemAt } = this.histories;
    for (let at = starts[this.pairs.people[pair]!]!; at < this.pairs.positions[pair]!; at++) visit(itemAt[at]!);
  }
}
