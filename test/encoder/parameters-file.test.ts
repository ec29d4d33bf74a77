import { describe, expect, it } from 'vitest';
import { parameterLayout } from '../../src/encoder/parameter-layout.js';
import { copyParts, namedParts, readParameters, writeParameters } from '../../src/encoder/parameters-file.js';

const spec = (name: string, shape: readonly number[]) => ({ name, shape, start: 0, decays: true });
const layout = parameterLayout([spec('kernel', [2, 3]), spec('bias', [3])]);
const values = Float32Array.from({ length: 9 }, (_, i) => i / 8);
const saved = () =>
  writeParameters({
    architecture: 'residual',
    architectureOptions: { width: 1 },
    shape: [1, 8, 8],
    pixels: { mean: [0.5], deviation: [0.25] },
    parameters: namedParts(values, layout),
    statistics: {},
  });

describe('parameters.bin', () => {
  it('reads back what was written', () => {
    const { architecture, pixels, parameters } = readParameters(saved());

    expect({ architecture, pixels }).toEqual({ architecture: 'residual', pixels: { mean: [0.5], deviation: [0.25] } });
    expect(parameters.kernel).toEqual({ shape: [2, 3], values: values.subarray(0, 6) });
    expect(parameters.bias!.values).toEqual(values.subarray(6));
  });

  it.each([
    [
      'cut short',
      (bytes: Uint8Array) => bytes.subarray(0, bytes.length - 4),
      /should hold 36 bytes of numbers and holds 32/,
    ],
    ['changed', (bytes: Uint8Array) => bytes.with(bytes.length - 1, 9), /checksum/],
    ['another kind of file', () => new Uint8Array(64), /not a file of parameters/],
    ['empty', () => new Uint8Array(0), /not a file of parameters/],
  ])('is refused where it is %s', (_name, damage, says) => {
    expect(() => readParameters(damage(saved()))).toThrow(says);
    expect(() => readParameters(damage(saved()))).toThrow(expect.objectContaining({ code: 'PARAMETERS_INVALID' }));
  });

  it('is copied by name over the parameters of a network with another head', () => {
    const next = parameterLayout([spec('bias', [3]), spec('head', [2]), spec('kernel', [2, 3])]);
    const into = new Float32Array(next.length).fill(-1);

    copyParts(readParameters(saved()).parameters, into, next, layout);

    expect([...into]).toEqual([0.75, 0.875, 1, -1, -1, 0, 0.125, 0.25, 0.375, 0.5, 0.625]);
  });

  it('is refused by a network of another shape, which is named', () => {
    const wider = parameterLayout([spec('kernel', [2, 4])]);
    const { parameters } = readParameters(saved());

    expect(() => copyParts(parameters, new Float32Array(8), wider, wider)).toThrow(
      /"kernel" is \[2, 3\], not \[2, 4\]/,
    );
  });
});
