import type { Tensor1D } from '@tensorflow/tfjs-core';
import { standardise } from '../encoder/pixel-statistics.js';
import { inferenceScope, splitFlat } from '../encoder/scopes.js';
import type { CompiledFunction, Engine } from '../tensor/engine.js';
import { unitRows } from '../tensor/operations.js';
import type { TrainingState } from './checkpoint.js';
import type { Learner } from './learner.js';

/** Embeds views with the parameters as they stand in training, for probes and for fitting what comes after the network. */
export class RowEmbedder {
  readonly dimension: number;
  readonly #compiled: CompiledFunction;
  readonly #views: Float32Array;
  readonly #chunk: number;

  private constructor(compiled: CompiledFunction, dimension: number, chunk: number, viewLength: number) {
    this.#compiled = compiled;
    this.dimension = dimension;
    this.#chunk = chunk;
    this.#views = new Float32Array(chunk * viewLength);
  }

  static async compile(engine: Engine, learner: Learner, view: readonly number[], chunk: number): Promise<RowEmbedder> {
    const { encoder, encoderLayout, encoderStatisticsLayout, pixels } = learner;
    const compiled = await engine.compile(
      (inputs) => {
        const parameters = splitFlat(inputs.parameters as Tensor1D, encoderLayout);
        const statistics = splitFlat(inputs.statistics as Tensor1D, encoderStatisticsLayout);
        const features = encoder.forward(inferenceScope(parameters, statistics), standardise(inputs.views!, pixels));
        return { rows: unitRows(features) };
      },
      {
        views: { shape: [chunk, ...view], dtype: 'float32' },
        parameters: { shape: [encoderLayout.length], dtype: 'float32' },
        statistics: { shape: [encoderStatisticsLayout.length], dtype: 'float32' },
      },
    );
    return new RowEmbedder(
      compiled,
      encoder.width,
      chunk,
      view.reduce((a, b) => a * b, 1),
    );
  }

  /**
   * @param write writes view `index` at `offset`
   * @returns `count` unit rows, flat
   */
  async embed(
    { parameters, statistics }: TrainingState,
    count: number,
    write: (index: number, out: Float32Array, offset: number) => void,
  ): Promise<Float32Array> {
    const { parameters: wanted, statistics: kept } = this.#compiled.inputs;
    const rows = new Float32Array(count * this.dimension);
    const length = this.#views.length / this.#chunk;
    for (let start = 0; start < count; start += this.#chunk) {
      const here = Math.min(this.#chunk, count - start);
      for (let i = 0; i < here; i++) write(start + i, this.#views, i * length);
      const out = await this.#compiled.run({
        views: this.#views,
        // the encoder's parameters and statistics come first in those of the whole learner
        parameters: parameters.subarray(0, wanted!.shape[0]!),
        statistics: statistics.subarray(0, kept!.shape[0]!),
      });
      rows.set((out.rows as Float32Array).subarray(0, here * this.dimension), start * this.dimension);
    }
    return rows;
  }

  /** What embedding takes at its fullest, where the engine knows. */
  get bytes(): number | undefined {
    return this.#compiled.peakBytes;
  }

  dispose(): Promise<void> {
    return this.#compiled.dispose();
  }
}
