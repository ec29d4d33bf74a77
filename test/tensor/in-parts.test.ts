import * as tf from '@tensorflow/tfjs-core';
import { describe, expect, it } from 'vitest';
import { Random } from '../../src/core/random.js';
import type { TensorFunction } from '../../src/tensor/engine.js';
import { sizeOf } from '../../src/tensor/graph.js';
import { OnnxEngine } from '../../src/tensor/onnx-engine.js';
import { inParts } from '../../src/tensor/passes/in-parts.js';
import { trace } from '../../src/tensor/trace.js';
import { drawn, specsOf } from './agreement.js';

const LONG = 2 ** 19 + 5; // more than two parts
const specs = specsOf({ x: [LONG], half: [(LONG - 1) / 2], other: [(LONG + 1) / 2], rate: [1] });
/** As an optimiser does it: a vector that is put together from pieces moves another one, and both are returned. */
const moved: TensorFunction = ({ x, half, other, rate }) => {
  const gradient = tf.concat1d([tf.sin(half!) as tf.Tensor1D, other as tf.Tensor1D]);
  const velocity = tf.add(tf.mul(gradient, 0.5), x!);
  return { velocity, x: tf.sub(x!, tf.mul(velocity, rate!)), total: tf.reshape(tf.sum(tf.square(x!)), [1]) };
};
const values = drawn(specs, new Random(1));

function expected(): Record<'velocity' | 'x', Float32Array> {
  const { half, other, x, rate } = values as Record<string, Float32Array>;
  const gradient = Float32Array.from([...half!.map((number) => Math.sin(number)), ...other!]);
  const velocity = gradient.map((number, i) => number * 0.5 + x![i]!);
  return { velocity, x: x!.map((number, i) => number - velocity[i]! * rate![0]!) };
}

function expectNear(found: ArrayLike<number>, right: Float32Array): void {
  let worst = 0;
  for (let i = 0; i < right.length; i++) worst = Math.max(worst, Math.abs(found[i]! - right[i]!));
  expect(found).toHaveLength(right.length);
  expect(worst).toBeLessThan(1e-5);
}

describe('inParts', () => {
  it('leaves no operator that goes through a long vector it could take in parts', () => {
    const { graph, inputs, outputs } = inParts(trace(moved, specs));

    const longOnes = graph.nodes.filter((node) => node.outputs.some(({ shape }) => sizeOf(shape) >= LONG));
    expect(longOnes.map(({ op }) => op)).toEqual(['Mul']); // the square that is summed up
    expect([...inputs.keys(), ...outputs.keys()]).toEqual(['x', 'velocity', 'x']);
    for (const parts of [inputs.get('x')!, outputs.get('x')!, outputs.get('velocity')!]) {
      const ends = parts.map(({ start, length }) => start + length);
      expect(parts.map(({ start }) => start)).toEqual([0, ...ends.slice(0, -1)]);
      expect(ends.at(-1)).toBe(LONG);
    }
    expect([...graph.inputs.keys()]).toContain('x'); // whole as well: it is summed up
  });

  it('takes what would be sliced out of a long input as inputs of their own', async () => {
    const sliced: TensorFunction = ({ x }) => ({ y: tf.exp(tf.slice(x!, [LONG - 3], [2])), z: tf.slice(x!, [1], [1]) });
    const shapes = specsOf({ x: [LONG] });
    const { graph, inputs } = inParts(trace(sliced, shapes));

    expect(graph.nodes.map(({ op }) => op)).toEqual(['Exp']);
    expect(inputs.get('x')!.map(({ start, length }) => [start, length])).toEqual([
      [LONG - 3, 2],
      [1, 1],
    ]);
    expect([...graph.inputs.keys()]).not.toContain('x');
    const compiled = await new OnnxEngine({ threads: 1 }).compile(sliced, shapes);
    const { y, z } = await compiled.run({ x: values.x! });
    expectNear(y!, values.x!.slice(LONG - 3, LONG - 1).map(Math.exp) as Float32Array);
    expect(z).toEqual(values.x!.slice(1, 2));
    await compiled.dispose();
  });

  it('leaves alone what something else needs whole, and what is short', () => {
    const read: TensorFunction = ({ x }) => {
      const y = tf.mul(x!, 2);
      return { y, largest: tf.reshape(tf.max(y), [1]) };
    };
    const short = trace(({ x }) => ({ y: tf.mul(x!, 2) }), specsOf({ x: [1000] }));

    for (const graph of [trace(read, specsOf({ x: [LONG] })), short]) {
      const parted = inParts(graph);
      expect(parted.outputs.size).toBe(0);
      expect(parted.graph.nodes).toEqual(graph.nodes);
    }
  });

  it('changes no number, and writes into the memory that is spare, and nowhere else', async () => {
    const compiled = await new OnnxEngine({ threads: 1 }).compile(moved, specs);
    const before = Float32Array.from(values.x!);

    const first = await compiled.run(values);
    const spare = { x: new Float32Array(LONG), velocity: new Float32Array(LONG) };
    const second = await compiled.run(values, spare);

    for (const out of [first, second]) {
      expectNear(out.x!, expected().x);
      expectNear(out.velocity!, expected().velocity);
    }
    expect(second.x).toBe(spare.x);
    expect(second.velocity).toBe(spare.velocity);
    expect(second.total).toEqual(first.total);
    expect(values.x).toEqual(before);
    await expect(compiled.run(values, { x: new Float32Array(3) })).rejects.toMatchObject({ code: 'TENSOR_MISMATCH' });
    await compiled.dispose();
  });
});
