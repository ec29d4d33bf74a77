import type { Tensor1D } from '@tensorflow/tfjs-core';
import { countMultiplications } from '../tensor/count-multiplications.js';
import { trace } from '../tensor/trace.js';
import { type Block, readoutOf } from './block.js';
import { parameterLayout, statisticsOf } from './parameter-layout.js';
import { inferenceScope, splitFlat } from './scopes.js';

export interface BlockCost {
  /** Numbers that are learned. */
  readonly parameters: number;
  /** Multiplications, each with its addition, to embed one sample. A step of training takes about three times that. */
  readonly multiplications: number;
}

/** What a network costs, counted in its graph for one sample of a shape. */
export function costOfBlock(block: Block, shape: readonly number[]): BlockCost {
  const layout = parameterLayout(block.parameters);
  const statistics = parameterLayout(statisticsOf(block.normalisations));
  const graph = trace(
    ({ x, p, s }) => ({
      rows: readoutOf(block).features(
        inferenceScope(splitFlat(p as Tensor1D, layout), splitFlat(s as Tensor1D, statistics)),
        x!,
      ).rows,
    }),
    {
      x: { shape: [1, ...shape], dtype: 'float32' },
      p: { shape: [layout.length], dtype: 'float32' },
      s: { shape: [statistics.length], dtype: 'float32' },
    },
  );
  return { parameters: layout.length, multiplications: countMultiplications(graph) };
}
