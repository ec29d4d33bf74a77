import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Tensor1D } from '@tensorflow/tfjs-core';
import { describe, expect, it } from 'vitest';
import { Random } from '../../src/core/random.js';
import { cosine, dot } from '../../src/core/vectors.js';
import { readoutOf } from '../../src/encoder/block.js';
import { type EncoderParts, exportEncoder } from '../../src/encoder/export-encoder.js';
import { openOnnxEncoder } from '../../src/encoder/onnx-encoder.js';
import { parameterLayout, statisticsOf } from '../../src/encoder/parameter-layout.js';
import { standardise } from '../../src/encoder/pixel-statistics.js';
import { inferenceScope, splitFlat } from '../../src/encoder/scopes.js';
import { whiten } from '../../src/encoder/whitening.js';
import { createEngine } from '../../src/tensor/create-engine.js';
import { unitRows } from '../../src/tensor/operations.js';
import { encoderContract } from '../contracts/encoder.contract.js';
import { toyParts, toyWhitening } from './toy-parts.js';

const dimension = readoutOf(toyParts().encoder).width;
const plain = exportEncoder(toyParts());
const whitened = exportEncoder(toyParts(9, 3, toyWhitening(dimension)));
encoderContract('the ONNX encoder', () => openOnnxEncoder(plain));
encoderContract('the ONNX encoder with whitening', () => openOnnxEncoder(whitened));

/** Bytes to floats, the network op by op on TensorFlow.js, and whitening in plain loops: the twin. */
async function embedByTheTwin(parts: EncoderParts, samples: readonly Uint8Array[]): Promise<Float32Array> {
  const [height, width, channels] = parts.sample as [number, number, number];
  const x = new Float32Array(samples.length * height * width * channels);
  for (const [n, sample] of samples.entries())
    for (let i = 0; i < height * width; i++)
      for (let c = 0; c < channels; c++) x[(n * channels + c) * height * width + i] = sample[i * channels + c]! / 255;
  const layouts = [
    parameterLayout(parts.encoder.parameters),
    parameterLayout(statisticsOf(parts.encoder.normalisations)),
  ];
  const flat = (named: EncoderParts['parameters']) =>
    Float32Array.from(Object.values(named).flatMap(({ values }) => [...values]));
  const engine = await createEngine('tfjs-cpu');
  const compiled = await engine.compile(
    ({ x, p, s }) => {
      const scope = inferenceScope(splitFlat(p as Tensor1D, layouts[0]!), splitFlat(s as Tensor1D, layouts[1]!));
      return { rows: unitRows(readoutOf(parts.encoder).features(scope, standardise(x!, parts.pixels)).rows) };
    },
    {
      x: { shape: [samples.length, channels, height, width], dtype: 'float32' },
      p: { shape: [layouts[0]!.length], dtype: 'float32' },
      s: { shape: [layouts[1]!.length], dtype: 'float32' },
    },
  );
  const { rows } = await compiled.run({ x, p: flat(parts.parameters), s: flat(parts.statistics) });
  return parts.whitening ? whiten(rows as Float32Array, parts.whitening) : (rows as Float32Array);
}

/** The same bytes with one piece of text for another, equally long one. */
function withText(bytes: Uint8Array, text: string, other: string): Uint8Array {
  const changed = Buffer.from(bytes);
  changed.write(other, changed.indexOf(text));
  return changed;
}

describe('an exported encoder', () => {
  it.each([
    ['without whitening', toyParts()],
    ['with whitening', toyParts(9, 3, toyWhitening(dimension))],
    ['in grey', toyParts(12, 1)],
  ])('gives what its TensorFlow.js twin gives, %s', async (_name, parts) => {
    const random = new Random(5);
    const length = parts.sample.reduce((a, b) => a * b, 1);
    const samples = [0, 1, 2].map(() => Uint8Array.from({ length }, () => random.int(256)));

    const encoder = await openOnnxEncoder(exportEncoder(parts));
    const vectors = await encoder.encode(samples);
    await encoder.close();

    const expected = await embedByTheTwin(parts, samples);
    for (const [n, vector] of vectors.entries())
      expect(dot(vector, expected.subarray(n * vector.length, (n + 1) * vector.length))).toBeCloseTo(1, 4);
  });

  it('shows the map that its embedding is pooled from', async () => {
    const parts = toyParts(36);
    const encoder = await openOnnxEncoder(exportEncoder(parts));
    const random = new Random(5);
    const sample = Uint8Array.from({ length: 36 * 36 * 3 }, () => random.int(256));

    const [vector] = await encoder.encode([sample]);
    const [map] = await encoder.encodeMaps!([sample]);
    await encoder.close();

    const { height, width, channels, cells } = map!;
    expect([height, width, channels]).toEqual([5, 5, dimension / 4]);
    const pooled = new Float32Array(dimension); // 2 × 2 windows of 3 × 3 cells that overlap by one
    for (let c = 0; c < channels; c++)
      for (let window = 0; window < 4; window++)
        for (let cell = 0; cell < 9; cell++) {
          const [y, x] = [2 * (window >> 1) + Math.floor(cell / 3), 2 * (window & 1) + (cell % 3)];
          pooled[c * 4 + window]! += cells[(y * width + x) * channels + c]! / 9;
        }
    expect(cosine(pooled, vector!)).toBeCloseTo(1, 5);
  });

  it('has no map where its network has none', async () => {
    const { dense: _, readout: __, ...encoder } = toyParts().encoder;
    const opened = await openOnnxEncoder(exportEncoder({ ...toyParts(), encoder }));

    expect(opened.encodeMaps).toBeUndefined();
    await opened.close();
  });

  it('opens from a file', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'encoder-'));
    await writeFile(join(folder, 'encoder.onnx'), plain);

    const encoder = await openOnnxEncoder(join(folder, 'encoder.onnx'));

    expect(encoder.sample.shape).toEqual([9, 9, 3]);
    await encoder.close();
    await rm(folder, { recursive: true });
  });

  it.each([
    ['cut short', plain.subarray(0, plain.length / 2)],
    ['empty', new Uint8Array(0)],
    ['something else', new TextEncoder().encode('this is a letter, not a model')],
    ['of a changed description', withText(plain, '"sample":[9,9,3]', '"sample":[9,3,9]')],
  ])('is refused where its file is %s', async (_name, bytes) => {
    await expect(openOnnxEncoder(bytes)).rejects.toMatchObject({ code: 'MODEL_DAMAGED' });
  });

  it('refuses work after it was closed', async () => {
    const encoder = await openOnnxEncoder(plain);
    await encoder.close();

    await expect(encoder.encode([new Uint8Array(243)])).rejects.toThrow(/closed/);
  });
});
