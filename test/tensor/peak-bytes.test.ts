import { add, matMul, relu, reshape, sum, type Tensor, type Tensor2D } from '@tensorflow/tfjs-core';
import { describe, expect, it } from 'vitest';
import { Builder } from '../../src/tensor/builder.js';
import type { TensorFunction, TensorSpecs } from '../../src/tensor/engine.js';
import type { Graph, Value } from '../../src/tensor/graph.js';
import { OnnxEngine } from '../../src/tensor/onnx-engine.js';
import { peakBytes } from '../../src/tensor/peak-bytes.js';

const KB = 1024;
/** 256 floats. */
const x: Value = { shape: [16, 16], type: 'float32' };

/** A graph of one input whose nodes a builder appends; a kilobyte is one map of 16 × 16. */
function graphOf(body: (b: Builder, x: Value) => readonly Value[]): Graph {
  const builder = new Builder();
  const outputs = body(builder, x);
  return {
    inputs: new Map([['x', x]]),
    outputs: new Map(outputs.map((value, i) => [`y${i}`, value])),
    nodes: builder.nodes,
  };
}
const kilobytes = (body: (b: Builder, x: Value) => readonly Value[]): number => peakBytes(graphOf(body)) / KB;

describe('peakBytes', () => {
  it('counts an input, and an output beside it', () => {
    expect(kilobytes((b, from) => [b.transpose(from, [1, 0])])).toBe(2);
  });

  it('lets go of what nobody reads any more: a chain takes two maps beside its input, however long it is', () => {
    const chain = (length: number) =>
      kilobytes((b, from) => {
        let y = from;
        for (let i = 0; i < length; i++) y = b.matmul(y, from);
        return [y];
      });

    expect([chain(1), chain(2), chain(10)]).toEqual([2, 3, 3]);
  });

  it('keeps what is read later: a backward pass holds every map of the forward pass', () => {
    const there = (length: number) =>
      kilobytes((b, from) => {
        const maps = [from];
        for (let i = 0; i < length; i++) maps.push(b.matmul(maps.at(-1)!, from));
        return [maps.reduceRight((gradient, map) => b.matmul(gradient, map))];
      });

    expect(there(10) - there(9)).toBe(1);
    expect(there(10)).toBe(12);
  });

  it('gives elementwise results memory of their own, as the runtime does', () => {
    expect(kilobytes((b, from) => [b.unary('Neg', b.unary('Exp', b.unary('Neg', from)))])).toBe(3);
  });

  it('goes through nodes as the runtime does: the input that stands last first, whatever the order they are listed in', () => {
    // Of the two summands the second is made first and kept, while the first needs three maps at once.
    expect(
      kilobytes((b, from) => {
        const long = b.matmul(b.matmul(from, from), b.unary('Relu', from));
        return [b.matmul(long, b.unary('Neg', from))];
      }),
    ).toBe(5);
  });

  it('takes a reshape for nothing, and what it reshapes for alive as long as the reshape is', () => {
    expect(
      kilobytes((b, from) => {
        const [y, other] = [b.matmul(from, from), b.matmul(from, from)];
        return [b.binary('Mul', b.reshape(y, [256]), b.reshape(other, [256]))];
      }),
    ).toBe(4);
  });

  it('counts each constant once, by the size of its elements', () => {
    const numbers = Float32Array.from({ length: 256 }, (_, i) => i);
    expect(
      kilobytes((b, from) => {
        const c = b.constant(numbers, [16, 16], 'float32');
        return [b.matmul(b.matmul(from, c), c)];
      }),
    ).toBe(4);
  });

  it('is told by what the engine compiled', async () => {
    const specs: TensorSpecs = {
      a: { shape: [64, 128], dtype: 'float32' },
      b: { shape: [128, 64], dtype: 'float32' },
    };
    const fn: TensorFunction = ({ a, b }) => ({
      y: sum(relu(add(reshape(matMul(a as Tensor2D, b as Tensor2D), [64 * 64]), 1))) as Tensor,
    });
    const compiled = await new OnnxEngine({ threads: 1 }).compile(fn, specs);

    expect(compiled.peakBytes).toBeGreaterThanOrEqual((64 * 128 * 2 + 64 * 64) * 4);
    expect(compiled.peakBytes).toBeLessThan((64 * 128 * 2 + 64 * 64 * 3) * 4);
    await compiled.dispose();
  });
});
