import type { Random } from '../core/random.js';
import { sampleOrder } from './sample-order.js';
import type { OpenedSamples, Views } from './samples.js';

/** The batches of a run, each a function of the seed and the step alone: a run that goes on sees what it would have seen. */
export class Batches {
  readonly stepsPerEpoch: number;
  readonly #samples: OpenedSamples['samples'];
  readonly #views: Views;
  /** Samples a batch. */
  readonly size: number;
  readonly viewsPerSample: number;
  readonly #random: Random;
  #epoch = -1;
  #order: Uint32Array = new Uint32Array(0);

  /** @param random the run's stream: only forks of it are used */
  constructor(samples: OpenedSamples['samples'], views: Views, size: number, viewsPerSample: number, random: Random) {
    this.#samples = samples;
    this.#views = views;
    this.size = size;
    this.viewsPerSample = viewsPerSample;
    this.#random = random;
    this.stepsPerEpoch = Math.floor(samples.count / size);
  }

  /** Length of a batch: views × samples × length of a view. */
  get length(): number {
    return this.viewsPerSample * this.size * this.#views.length;
  }

  /**
   * Writes the views of step `step`: the first view of each sample, then the second of each, in the same order. What
   * does not fill a batch at the end of an epoch is left out; the order is new each epoch, so it is others each time.
   */
  write(step: number, out: Float32Array): void {
    const first = (step % this.stepsPerEpoch) * this.size;
    const order = this.#orderOf(Math.floor(step / this.stepsPerEpoch));
    const random = this.#random.fork('views').fork(String(step));
    for (let i = 0; i < this.size; i++) {
      const sample = this.#samples.read(order[first + i]!);
      for (let view = 0; view < this.viewsPerSample; view++)
        this.#views.write(sample, random, out, (view * this.size + i) * this.#views.length);
    }
  }

  #orderOf(epoch: number): Uint32Array {
    if (epoch !== this.#epoch) {
      const random = this.#random.fork('order').fork(String(epoch));
      this.#order = sampleOrder(random, this.#samples.count, this.#samples.shard);
      this.#epoch = epoch;
    }
    return this.#order;
  }
}
