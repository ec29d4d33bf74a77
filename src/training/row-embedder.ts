import type { Tensor1D, Tensor2D } from '@tensorflow/tfjs-core';
import { readoutOf } from '../encoder/block.js';
import { standardise } from '../encoder/pixel-statistics.js';
import { inferenceScope, splitFlat } from '../encoder/scopes.js';
import type { CompiledFunction, Engine } from '../tensor/engine.js';
import { unitRows } from '../tensor/operations.js';
import type { TrainingState } from './checkpoint.js';
import type { Learner } from './learner.js';

/** What a network makes of views: flat unit rows of its encoder and, where the method has a head to look at, of that. */
export interface EmbeddedRows {
  readonly features: Float32Array;
  readonly projections?: Float32Array;
}

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
    const { encoder, method, layout, statisticsLayout, pixels } = learner;
    const readout = readoutOf(encoder);
    const compiled = await engine.compile(
      (inputs) => {
        const parameters = splitFlat(inputs.parameters as Tensor1D, layout);
        const scope = inferenceScope(parameters, splitFlat(inputs.statistics as Tensor1D, statisticsLayout));
        const x = standardise(inputs.views!, pixels);
        const { rows } = readout.features(scope, x);
        const projected = method.project?.(scope, encoder.forward(scope, x) as Tensor2D);
        return { features: unitRows(rows as Tensor2D), ...(projected && { projections: unitRows(projected) }) };
      },
      {
        views: { shape: [chunk, ...view], dtype: 'float32' },
        parameters: { shape: [layout.length], dtype: 'float32' },
        statistics: { shape: [statisticsLayout.length], dtype: 'float32' },
      },
    );
    return new RowEmbedder(
      compiled,
      readout.width,
      chunk,
      view.reduce((a, b) => a * b, 1),
    );
  }

  /**
   * @param write writes view `index` at `offset`
   * @returns `count` rows of each kind
   */
  async embed(
    { parameters, statistics }: TrainingState,
    count: number,
    write: (index: number, out: Float32Array, offset: number) => void,
  ): Promise<EmbeddedRows> {
    const rows: { features?: Float32Array; projections?: Float32Array } = {};
    const length = this.#views.length / this.#chunk;
    for (let start = 0; start < count; start += this.#chunk) {
      const here = Math.min(this.#chunk, count - start);
      for (let i = 0; i < here; i++) write(start + i, this.#views, i * length);
      const out = await this.#compiled.run({ views: this.#views, parameters, statistics });
      for (const kind of ['features', 'projections'] as const) {
        const chunk = out[kind] as Float32Array | undefined;
        if (!chunk) continue;
        const width = chunk.length / this.#chunk;
        rows[kind] ??= new Float32Array(count * width);
        rows[kind].set(chunk.subarray(0, here * width), start * width);
      }
    }
    return { ...rows, features: rows.features ?? new Float32Array(0) };
  }

  /** What embedding takes at its fullest, where the engine knows. */
  get bytes(): number | undefined {
    return this.#compiled.peakBytes;
  }

  dispose(): Promise<void> {
    return this.#compiled.dispose();
  }
}
