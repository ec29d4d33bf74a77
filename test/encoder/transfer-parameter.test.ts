import { reshape, type Tensor, type Tensor1D, tile } from '@tensorflow/tfjs-core';
import { describe, expect, it } from 'vitest';
import { Random } from '../../src/core/random.js';
import { ARCHITECTURE_NAMES, ARCHITECTURES } from '../../src/encoder/architectures/index.js';
import type { Block } from '../../src/encoder/block.js';
import { parameterLayout, startingParameters, statisticsOf } from '../../src/encoder/parameter-layout.js';
import { inferenceScope, splitFlat } from '../../src/encoder/scopes.js';
import { transferParameter } from '../../src/encoder/transfer-parameter.js';
import { createEngine } from '../../src/tensor/create-engine.js';

const build = (name: (typeof ARCHITECTURE_NAMES)[number], shape: readonly number[]): Block =>
  ARCHITECTURES[name].build({}, shape);

/** The parameters of one block as another needs them. */
function transferred(from: Block, to: Block, values: Float32Array): Float32Array {
  const [before, after] = [parameterLayout(from.parameters), parameterLayout(to.parameters)];
  const out = new Float32Array(after.length);
  for (const [i, entry] of after.entries.entries()) {
    const old = before.entries[i]!;
    out.set(transferParameter(values.subarray(old.offset, old.offset + old.length), old, entry), entry.offset);
  }
  return out;
}

async function features(block: Block, shape: readonly number[], parameters: Float32Array, x: (grey: Tensor) => Tensor) {
  const layout = parameterLayout(block.parameters);
  const statistics = parameterLayout(statisticsOf(block.normalisations));
  const [, height, width] = shape as readonly [number, number, number];
  const compiled = await (await createEngine('onnx', { threads: 1, spin: false })).compile(
    ({ grey, p, s }) => ({
      rows: block.forward(
        inferenceScope(splitFlat(p as Tensor1D, layout), splitFlat(s as Tensor1D, statistics)),
        x(grey!),
      ),
    }),
    {
      grey: { shape: [2, 1, height, width], dtype: 'float32' },
      p: { shape: [layout.length], dtype: 'float32' },
      s: { shape: [statistics.length], dtype: 'float32' },
    },
  );
  const random = new Random(4);
  const { rows } = await compiled.run({
    grey: Float32Array.from({ length: 2 * height * width }, () => random.normal()),
    p: parameters,
    s: startingParameters(statistics, random),
  });
  await compiled.dispose();
  return rows as Float32Array;
}

const colours = (grey: Tensor): Tensor => tile(grey, [1, 3, 1, 1]);

describe('the parameters of a network', () => {
  it.each(ARCHITECTURE_NAMES)(
    '%s give a grey picture the same features, whether it has one channel or three',
    async (name) => {
      const [grey, colour] = [build(name, [1, 16, 16]), build(name, [3, 16, 16])];
      for (const [from, to] of [
        [grey, colour],
        [colour, grey],
      ] as const) {
        const values = startingParameters(parameterLayout(from.parameters), new Random(1));
        const other = transferred(from, to, values);
        const asSeen = (block: Block) => (block === colour ? colours : (x: Tensor) => reshape(x, [2, 1, 16, 16]));
        const before = await features(from, [1, 16, 16], values, asSeen(from));
        const after = await features(to, [1, 16, 16], other, asSeen(to));
        expect(Math.max(...before.map((number, i) => Math.abs(number - after[i]!)))).toBeLessThan(1e-4);
      }
    },
  );

  it.each(ARCHITECTURE_NAMES)('%s fit pictures of another size', (name) => {
    const [small, large] = [build(name, [3, 16, 16]), build(name, [3, 32, 24])];
    const values = startingParameters(parameterLayout(small.parameters), new Random(1));
    expect(transferred(small, large, values)).toHaveLength(parameterLayout(large.parameters).length);
  });

  it('can not go from three channels to four', () => {
    const [three, four] = [build('residual', [3, 16, 16]), build('residual', [4, 16, 16])];
    const values = startingParameters(parameterLayout(three.parameters), new Random(1));
    expect(() => transferred(three, four, values)).toThrow(/reads 3 channels/);
  });

  it('of a grid are interpolated: a slope stays a slope', () => {
    const spec = (rows: number, columns: number) =>
      ({
        name: 'position',
        shape: [rows * columns, 1],
        start: 0,
        decays: true,
        follows: { grid: [rows, columns] },
      }) as const;
    const slope = Float32Array.from({ length: 16 }, (_, i) => (i % 4) + 0.5); // grows by one a place, from edge to edge
    const finer = transferParameter(slope, spec(4, 4), spec(2, 8));
    expect([...finer.subarray(1, 7)]).toEqual([0.75, 1.25, 1.75, 2.25, 2.75, 3.25]);
    expect(finer.subarray(8)).toEqual(finer.subarray(0, 8));
    expect(transferParameter(slope, spec(4, 4), spec(4, 4))).toEqual(slope);
  });
});
