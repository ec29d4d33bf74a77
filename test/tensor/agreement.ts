import * as tf from '@tensorflow/tfjs-core';
import { expect } from 'vitest';
import { Random } from '../../src/core/random.js';
import { createEngine } from '../../src/tensor/create-engine.js';
import type { Engine, TensorFunction, TensorSpecs, Values } from '../../src/tensor/engine.js';

/** A function under test: its float inputs by name, and what it makes of them. */
export interface Case {
  readonly name: string;
  readonly inputs: Readonly<Record<string, readonly number[]>>;
  readonly fn: (inputs: Record<string, tf.Tensor>) => tf.Tensor | readonly tf.Tensor[];
  /** Numbers are drawn from here; [-1, 1] unless a kernel wants others. */
  readonly range?: readonly [number, number];
  /** Whole numbers as inputs, and no gradient. */
  readonly whole?: true;
  /** Why a central difference says nothing: a jump, or no gradient at all. */
  readonly noGradient?: string;
  /** Why there is a gradient, and a central difference still misses it. */
  readonly noSlope?: string;
}

const engines = new Map<string, Promise<Engine>>();
export function engine(name: 'onnx' | 'tfjs-cpu'): Promise<Engine> {
  const made = engines.get(name) ?? createEngine(name, { threads: 1, layout: 'plain' });
  engines.set(name, made);
  return made;
}

export function specsOf(inputs: Case['inputs'], dtype: 'float32' | 'int32' = 'float32'): TensorSpecs {
  return Object.fromEntries(Object.entries(inputs).map(([name, shape]) => [name, { shape, dtype }]));
}

export function drawn(specs: TensorSpecs, random: Random, [low, high]: readonly [number, number] = [-1, 1]): Values {
  return Object.fromEntries(
    Object.entries(specs).map(([name, { shape, dtype }]) => {
      const numbers = Array.from(
        { length: shape.reduce((a, b) => a * b, 1) },
        () => low + (high - low) * random.next(),
      );
      return [name, dtype === 'float32' ? Float32Array.from(numbers) : Int32Array.from(numbers.map(Math.floor))];
    }),
  );
}

/** Every output of a case as one scalar: weighted sums, so that no gradient is the same for all elements. */
function weighed(outputs: readonly tf.Tensor[]): tf.Scalar {
  const sums = outputs.map((output) => {
    const weights = Float32Array.from({ length: output.size }, (_, i) => Math.cos(1 + 1.7 * i));
    return tf.sum(tf.mul(tf.cast(output, 'float32'), tf.tensor(weights, output.shape)));
  });
  return tf.addN(sums) as tf.Scalar;
}

const listed = (made: tf.Tensor | readonly tf.Tensor[]) =>
  (Array.isArray(made) ? made : [made]) as readonly tf.Tensor[];

/** The case as a tensor function: its outputs, the weighed sum, and the gradients of that sum. */
export function withGradients(test: Case): TensorFunction {
  const names = Object.keys(test.inputs);
  return (inputs) => {
    const outputs = listed(test.fn({ ...inputs }));
    const named = Object.fromEntries(outputs.map((output, i) => [`y${i}`, output]));
    if (test.whole || test.noGradient) return named;
    const { value, grads } = tf.valueAndGrads((...given: tf.Tensor[]) =>
      weighed(listed(test.fn(Object.fromEntries(names.map((name, i) => [name, given[i]!]))))),
    )(names.map((name) => inputs[name]!));
    return { ...named, sum: value, ...Object.fromEntries(names.map((name, i) => [`d_${name}`, grads[i]!])) };
  };
}

export function expectClose(
  actual: ArrayLike<number>,
  expected: ArrayLike<number>,
  tolerance: number,
  what = '',
): void {
  expect(actual.length, what).toBe(expected.length);
  for (let i = 0; i < actual.length; i++) {
    const allowed = tolerance * Math.max(1, Math.abs(expected[i]!));
    if (!(Math.abs(actual[i]! - expected[i]!) <= allowed))
      expect.fail(`${what}[${i}]: ${actual[i]} is not within ${allowed} of ${expected[i]}`);
  }
}

/** Both engines give the same outputs and gradients, and the gradients are slopes. */
export async function expectAgreement(test: Case, seed = 7): Promise<void> {
  const specs = specsOf(test.inputs, test.whole ? 'int32' : 'float32');
  const values = drawn(specs, new Random(seed), test.range);
  const [compiled, eager] = await Promise.all([
    (await engine('onnx')).compile(withGradients(test), specs),
    (await engine('tfjs-cpu')).compile(withGradients(test), specs),
  ]);
  const [actual, expected] = await Promise.all([compiled.run(values), eager.run(values)]);
  await compiled.dispose();
  expect(Object.keys(actual).sort()).toEqual(Object.keys(expected).sort());
  for (const [name, numbers] of Object.entries(expected)) {
    expect(compiled.outputs[name], name).toEqual(eager.outputs[name]);
    expectClose(actual[name]!, numbers, 1e-4, name);
  }
  if (test.whole || test.noGradient || test.noSlope) return;
  for (const direction of [1, 2]) {
    const along = drawn(specs, new Random(seed + direction), [-1, 1]);
    const slope = Object.keys(specs).reduce((sum, name) => sum + dot(expected[`d_${name}`]!, along[name]!), 0);
    const step = 4e-3;
    const [after, before] = await Promise.all([step, -step].map((by) => eager.run(moved(values, along, by))));
    expectClose([(after!.sum![0]! - before!.sum![0]!) / (2 * step)], [slope], 5e-3, `slope ${direction}`);
  }
}

const dot = (a: ArrayLike<number>, b: ArrayLike<number>) =>
  Array.from(a).reduce((sum: number, number, i) => sum + number * b[i]!, 0);

function moved(values: Values, along: Values, by: number): Values {
  return Object.fromEntries(
    Object.entries(values).map(([name, numbers]) => [
      name,
      Float32Array.from(numbers, (number, i) => number + by * along[name]![i]!),
    ]),
  );
}
