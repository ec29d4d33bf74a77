import type { Random } from '../core/random.js';
import { type Scores, scores } from '../evaluation/scores.js';
import type { TrainingState } from './checkpoint.js';
import type { RowEmbedder } from './row-embedder.js';
import type { Samples, Views } from './samples.js';

/** Samples that are looked at: enough for a rank in the hundreds, few enough to cost nothing beside an epoch. */
const PROBED = 256;

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

  /** Label-free scores of the network as it stands, on two views of each probed sample. */
  async score(state: TrainingState): Promise<Scores> {
    const [one, other] = await this.embed(state);
    return scores(one, this.#embedder.dimension, other);
  }

  /** Unit rows of the first views, and of the second. */
  async embed(state: TrainingState): Promise<[Float32Array, Float32Array]> {
    return [await this.#embed(state, 'first'), await this.#embed(state, 'second')];
  }

  #embed(state: TrainingState, label: string): Promise<Float32Array> {
    const random = this.#random.fork(label);
    return this.#embedder.embed(state, this.#indexes.length, (index, out, offset) => {
      this.#views.write(this.#samples.read(this.#indexes[index]!), random, out, offset);
    });
  }
}
