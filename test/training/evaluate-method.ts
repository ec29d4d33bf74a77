import type { Tensor1D, Tensor2D } from '@tensorflow/tfjs-core';
import { grads, reshape } from '@tensorflow/tfjs-core';
import { Random } from '../../src/core/random.js';
import { unit } from '../../src/core/vectors.js';
import type { Scope } from '../../src/encoder/block.js';
import { parameterLayout, startingParameters } from '../../src/encoder/parameter-layout.js';
import { splitFlat, trainingScope } from '../../src/encoder/scopes.js';
import { createEngine } from '../../src/tensor/create-engine.js';
import { LOSSES } from '../../src/training/losses/index.js';
import { METHODS, type MethodName } from '../../src/training/methods/index.js';
import { flat, sampleRows } from './rows.js';

/** Numbers a sample has before and after the heads. */
export const WIDTH = 6;
export const PROJECTED = 5;
const rowsOf = (numbers: Float32Array, width: number): Float32Array[] =>
  Array.from({ length: numbers.length / width }, (_, i) => numbers.slice(i * width, (i + 1) * width));

export interface Evaluated {
  readonly loss: number;
  /** What the heads make of the features, by what `look` calls it. */
  readonly seen: Readonly<Record<string, readonly Float32Array[]>>;
  readonly targets: readonly Float32Array[];
  readonly queue: readonly Float32Array[];
  /** The slopes of the loss by the features. */
  readonly slopes: Float32Array;
}

/**
 * The objective of a method with heads at random, for features, targets and a queue at random.
 * @param look what of the heads a twin needs to see, `[2N, PROJECTED]` each
 */
export async function evaluateMethod(
  name: MethodName,
  options: object,
  look: (scope: Scope, features: Tensor2D) => Readonly<Record<string, Tensor2D>>,
  samples = 6,
): Promise<Evaluated> {
  const method = METHODS[name].build(
    { hidden: 7, projection: PROJECTED, ...options },
    { features: WIDTH, loss: LOSSES['nt-xent'].build({}) },
  );
  const layout = parameterLayout(method.parameters);
  const targets = sampleRows(2 * samples, PROJECTED, 5).map(unit);
  const queue = sampleRows(9, PROJECTED, 6).map(unit);
  const engine = await createEngine('tfjs-cpu');
  const compiled = await engine.compile(
    (inputs) => {
      const parts = splitFlat(inputs.parameters as Tensor1D, layout);
      const remembered = { targets: inputs.targets as Tensor2D, queue: inputs.queue as Tensor2D };
      const objective = (features: Tensor2D) => method.objective(trainingScope(parts), features, remembered);
      const [slopes] = grads((features) => objective(features as Tensor2D))([inputs.features!]);
      return {
        loss: reshape(objective(inputs.features as Tensor2D), [1]),
        slopes: slopes!,
        ...look(trainingScope(parts), inputs.features as Tensor2D),
      };
    },
    {
      features: { shape: [2 * samples, WIDTH], dtype: 'float32' },
      parameters: { shape: [layout.length], dtype: 'float32' },
      targets: { shape: [2 * samples, PROJECTED], dtype: 'float32' },
      queue: { shape: [queue.length, PROJECTED], dtype: 'float32' },
    },
  );
  const out = await compiled.run({
    features: flat(sampleRows(2 * samples, WIDTH)),
    parameters: startingParameters(layout, new Random(2)).map((x) => 2 * x),
    targets: flat(targets),
    queue: flat(queue),
  });
  const { loss, slopes, ...seen } = out as Record<string, Float32Array>;
  return {
    loss: loss![0]!,
    seen: Object.fromEntries(Object.entries(seen).map(([what, numbers]) => [what, rowsOf(numbers, PROJECTED)])),
    targets,
    queue,
    slopes: slopes!,
  };
}
