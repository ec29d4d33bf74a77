import {
  concat1d,
  mul,
  reshape,
  type Scalar,
  sum,
  type Tensor,
  type Tensor1D,
  tensor2d,
  valueAndGrads,
} from '@tensorflow/tfjs-core';
import { describe, expect, it } from 'vitest';
import { Random } from '../../src/core/random.js';
import { norm } from '../../src/core/vectors.js';
import { type Block, readoutOf } from '../../src/encoder/block.js';
import { parameterLayout, startingParameters, statisticsOf } from '../../src/encoder/parameter-layout.js';
import { inferenceScope, splitFlat, trainingScope } from '../../src/encoder/scopes.js';
import { createEngine } from '../../src/tensor/create-engine.js';

/** What every architecture promises. `build` makes it, as small as it can be, for `[channels, height, width]`. */
export function architectureContract(name: string, build: (shape: readonly number[]) => Block): void {
  const count = 4;
  const engine = createEngine('onnx', { threads: 1, spin: false });

  /** The block compiled for inference, with fresh parameters, on random input. */
  async function featuresOf(
    shape: readonly number[],
    forwardOf = ({ forward }: Block): Block['forward'] => forward,
  ): Promise<{ block: Block; rows: Float32Array }> {
    const block = build(shape);
    const layout = parameterLayout(block.parameters);
    const statistics = parameterLayout(statisticsOf(block.normalisations));
    const compiled = await (await engine).compile(
      ({ x, p, s }) => ({
        rows: forwardOf(block)(
          inferenceScope(splitFlat(p as Tensor1D, layout), splitFlat(s as Tensor1D, statistics)),
          x!,
        ),
      }),
      {
        x: { shape: [count, ...shape], dtype: 'float32' },
        p: { shape: [layout.length], dtype: 'float32' },
        s: { shape: [statistics.length], dtype: 'float32' },
      },
    );
    const random = new Random(1);
    const out = await compiled.run({
      x: Float32Array.from({ length: count * shape.reduce((a, b) => a * b, 1) }, () => random.normal()),
      p: startingParameters(layout, random),
      s: startingParameters(statistics, random),
    });
    await compiled.dispose();
    return { block, rows: out.rows as Float32Array };
  }

  describe(`${name} honours the architecture contract`, () => {
    it.each([
      [1, 8, 8],
      [3, 9, 8],
      [1, 28, 28],
      [3, 47, 33],
      [3, 64, 64],
    ])('gives as many features as it says for [%d, %d, %d]', async (...shape) => {
      const { block, rows } = await featuresOf(shape);

      expect(rows).toHaveLength(count * block.width);
      expect(rows.every(Number.isFinite)).toBe(true);
      expect(new Set(rows).size).toBeGreaterThan(count);
    });

    it.each([
      [1, 8, 8],
      [3, 47, 33],
    ])('has a map of more than one cell for [%d, %d, %d], and beside it the same features', async (...shape) => {
      const { block, rows } = await featuresOf(shape);
      const beside = await featuresOf(
        shape,
        ({ dense }) =>
          (scope, x) =>
            dense!(scope, x).rows,
      );
      const map = await featuresOf(
        shape,
        ({ dense }) =>
          (scope, x) =>
            dense!(scope, x).map,
      );

      expect(block.dense).toBeDefined();
      for (const [k, value] of rows.entries()) expect(beside.rows[k]).toBeCloseTo(value, 5);
      expect(map.rows.length % (count * block.mapChannels!)).toBe(0);
      expect(new Set(map.rows).size).toBeGreaterThan(2 * count);
    });

    it.each([
      [1, 8, 8],
      [3, 47, 33],
    ])('makes embeddings from what a head learns on, and maybe more, for [%d, %d, %d]', async (...shape) => {
      const { block, rows } = await featuresOf(shape);
      const { width } = readoutOf(block);
      const read = await featuresOf(shape, (one) => (scope, x) => readoutOf(one).features(scope, x).rows);

      expect(read.rows).toHaveLength(count * width);
      expect(width).toBeGreaterThanOrEqual(block.width);
      for (const [k, value] of rows.entries()) {
        const [row, column] = [Math.floor(k / block.width), k % block.width];
        expect(read.rows[row * width + column]).toBeCloseTo(value, 5);
      }
      expect(read.rows.every(Number.isFinite)).toBe(true);
    });

    it('names each parameter once, and says which are pulled at', () => {
      const { parameters } = build([1, 8, 8]);

      expect(new Set(parameters.map((one) => one.name)).size).toBe(parameters.length);
      for (const { shape, decays } of parameters) expect(decays).toBe(shape.length > 1);
    });

    it('starts from the seed', () => {
      const layout = parameterLayout(build([1, 8, 8]).parameters);

      expect(startingParameters(layout, new Random(1))).toEqual(startingParameters(layout, new Random(1)));
      expect(startingParameters(layout, new Random(2))).not.toEqual(startingParameters(layout, new Random(1)));
    });

    it('has, for each of its parameters, the gradient that central differences have', async () => {
      const block = build([1, 8, 8]);
      const layout = parameterLayout(block.parameters);
      const names = layout.entries.map((entry) => entry.name);
      const random = new Random(6);
      const weights = Float32Array.from({ length: count * block.width }, () => random.normal());
      const objective = (x: Tensor, parts: Tensor[]) => {
        const scope = trainingScope(Object.fromEntries(names.map((key, i) => [key, parts[i]!])));
        return sum(mul(block.forward(scope, x), tensor2d(weights, [count, block.width]))) as Scalar;
      };
      const compiled = await (await engine).compile(
        ({ x, p }) => {
          const parts = Object.values(splitFlat(p as Tensor1D, layout));
          const { value, grads } = valueAndGrads((...given: Tensor[]) => objective(x!, given))(parts);
          return {
            value: reshape(value, [1]),
            gradient: concat1d(grads.map((one) => reshape(one, [-1]) as Tensor1D)),
          };
        },
        {
          x: { shape: [count, 1, 8, 8], dtype: 'float32' },
          p: { shape: [layout.length], dtype: 'float32' },
        },
      );
      const x = Float32Array.from({ length: count * 64 }, () => random.normal());
      const p = startingParameters(layout, random);
      const gradient = (await compiled.run({ x, p })).gradient as Float32Array;
      for (const { name: parameter, offset, length } of layout.entries) {
        // along the gradient itself, where it is largest, so that rounding and switching ReLUs stay small beside it
        const slope = norm(gradient.subarray(offset, offset + length));
        const step = 1e-3;
        const at = async (way: number) => {
          const moved = p.slice();
          for (let i = offset; i < offset + length; i++) moved[i]! += (way * step * gradient[i]!) / slope;
          return (await compiled.run({ x, p: moved })).value![0]!;
        };
        const difference = ((await at(1)) - (await at(-1))) / (2 * step);
        expect(difference / slope, parameter).toBeGreaterThan(0.93);
        expect(difference / slope, parameter).toBeLessThan(1.07);
      }
      await compiled.dispose();
    });
  });
}
