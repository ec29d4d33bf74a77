import { readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { openOnnxEncoder } from '../../src/encoder/onnx-encoder.js';
import { readParameters, writeParameters } from '../../src/encoder/parameters-file.js';
import { untrainedEncoder } from '../../src/encoder/untrained-encoder.js';
import { encoderContract } from '../contracts/encoder.contract.js';
import { SHIPPED } from '../shipped-model.js';

const saved = await readFile(new URL(`../../models/${SHIPPED}/parameters.bin`, import.meta.url));

encoderContract('the untrained network', async () => openOnnxEncoder((await untrainedEncoder(saved, 1))!));

describe('untrainedEncoder', () => {
  it('follows the seed, and nothing that was learnt', async () => {
    const { parameters, ...rest } = readParameters(saved);
    const zeroed = Object.entries(parameters).map(([name, { shape, values }]) => [
      name,
      { shape, values: values.map(() => 0) },
    ]);
    const forgot = writeParameters({ ...rest, parameters: Object.fromEntries(zeroed) });

    const once = await untrainedEncoder(saved, 1);

    expect(await untrainedEncoder(forgot, 1)).toEqual(once);
    expect(await untrainedEncoder(saved, 2)).not.toEqual(once);
  });

  it('makes none for a network that was imported', async () => {
    const imported = writeParameters({ ...readParameters(saved), architecture: 'imported' });

    expect(await untrainedEncoder(imported, 1)).toBeUndefined();
  });
});
