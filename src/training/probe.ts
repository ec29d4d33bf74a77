import type { Random } from '../core/random.js';
import { neighbourhoods, neighbourOverlap } from '../evaluation/neighbourhoods.js';
import { matchViews } from '../evaluation/probes.js';
import type { Rows } from '../evaluation/rows.js';
import { deviation, effectiveRank, type Scores, scores } from '../evaluation/scores.js';
import type { TrainingState } from './checkpoint.js';
import type { EmbeddedRows, RowEmbedder } from './row-embedder.js';
import type { Samples, Views } from './samples.js';

/** Samples that are looked at: enough for a rank in the hundreds, few enough to cost nothing beside an epoch. */
const PROBED = 256;

/** What a point of the curve has of its look, by the names of `CurvePoint`. */
export interface LookScores extends Scores {
  readonly recall: number;
  readonly projectionRank?: number;
  readonly projectionSpread?: number;
  readonly neighboursKept?: number;
}

/** Scores of the caller's own, which know labels, say: asked at each look, kept in its point beside the label-free ones. */
export type AlsoScore = (
  embed: (pictures: readonly Uint8Array[]) => Promise<Rows>,
) => Promise<Readonly<Record<string, number>>>;

export interface Look {
  readonly scores: LookScores;
  /** The nearest of each probed sample, `[count, k]`, for the next look to compare with. */
  readonly neighbours: Int32Array;
}

/** Looks at the same views of the same samples each time, so that the points of a curve can be compared. */
export class Probe {
  readonly #indexes: readonly number[];
  readonly #samples: Samples;
  readonly #views: Views;
  readonly #random: Random;
  readonly #embedder: RowEmbedder;

  constructor(samples: Samples, views: Views, random: Random, embedder: RowEmbedder) {
    this.#samples = samples;
    this.#views = views;
    this.#random = random.fork('probe');
    this.#embedder = embedder;
    this.#indexes = [...this.#random.fork('which').permutation(samples.count).subarray(0, PROBED)];
  }

  /** How many are looked at: two of each sample. */
  get views(): number {
    return 2 * this.#indexes.length;
  }

  /**
   * Label-free scores of the network as it stands, on two views of each probed sample that no step is taken on.
   * @param before the neighbours of the look before, for how many of them are left
   * @returns undefined where the network gives what is no number
   */
  async look(state: TrainingState, before?: Int32Array): Promise<Look | undefined> {
    const [first, second] = await this.embed(state);
    const { dimension } = this.#embedder;
    const both = joined(first.features, second.features);
    if (!both.every(Number.isFinite) || first.projections?.every(Number.isFinite) === false) return undefined;
    const { recall } = await matchViews({ values: both, dimension });
    const neighbours = await neighbourhoods({ values: first.features, dimension });
    return {
      scores: {
        ...scores(first.features, dimension, second.features),
        recall,
        ...(first.projections && ofProjections(first.projections, this.#indexes.length)),
        ...(before && { neighboursKept: neighbourOverlap(before, neighbours, this.#indexes.length) }),
      },
      neighbours,
    };
  }

  /**
   * Unit rows of `count` pictures of the samples' shape, as they are: what the network, not yet whitened, makes of them.
   * @param read picture `index`, asked for one after another
   */
  async embedPlain(state: TrainingState, count: number, read: (index: number) => Uint8Array): Promise<Rows> {
    const { features } = await this.#embedder.embed(state, count, (index, out, offset) => {
      this.#views.plain(read(index), out, offset);
    });
    return { values: features, dimension: this.#embedder.dimension };
  }

  /** Rows of the first views, and of the second. */
  async embed(state: TrainingState): Promise<[EmbeddedRows, EmbeddedRows]> {
    return [await this.#embed(state, 'first'), await this.#embed(state, 'second')];
  }

  #embed(state: TrainingState, label: string): Promise<EmbeddedRows> {
    const random = this.#random.fork(label);
    return this.#embedder.embed(state, this.#indexes.length, (index, out, offset) => {
      this.#views.write(this.#samples.read(this.#indexes[index]!), random, out, offset);
    });
  }
}

function ofProjections(rows: Float32Array, count: number): Pick<LookScores, 'projectionRank' | 'projectionSpread'> {
  const width = rows.length / count;
  return {
    projectionRank: effectiveRank(rows, width),
    projectionSpread: deviation(rows, width) * Math.sqrt(width),
  };
}

function joined(one: Float32Array, other: Float32Array): Float32Array {
  const both = new Float32Array(one.length + other.length);
  both.set(one);
  both.set(other, one.length);
  return both;
}
