import { describe, expect, it } from 'vitest';
import { Random } from '../../src/core/random.js';
import { readoutOf } from '../../src/encoder/block.js';
import { exportClassifier } from '../../src/encoder/export-classifier.js';
import { exportEncoder } from '../../src/encoder/export-encoder.js';
import { openOnnxClassifier } from '../../src/encoder/onnx-classifier.js';
import { openOnnxEncoder } from '../../src/encoder/onnx-encoder.js';
import { toyParts } from './toy-parts.js';

const random = new Random(9);
const parts = toyParts();
const plain = exportEncoder(parts);
const dimension = readoutOf(parts.encoder).width;
const numbers = (length: number, scale: number) => Float32Array.from({ length }, () => scale * random.normal());
const head = { weights: numbers(3 * dimension, 6), biases: numbers(3, 1) };
const about = {
  format: 1 as const,
  labels: ['shoe', 'hat', 'ä "quoted" bag'],
  modelId: 'toy',
  preparation: { size: 9 },
  calibration: { temperature: 0.5, errorBefore: 0.2, errorAfter: 0.1 },
  fitted: {
    pictures: 30,
    unlabelled: 0,
    spread: false,
    decay: 0.1,
    folds: 5,
    accuracy: { mean: 0.9, low: 0.8, high: 1 },
    commonest: 0.4,
  },
};
const bytes = exportClassifier(plain, head, about);
const samples = Array.from({ length: 7 }, () => Uint8Array.from({ length: 9 * 9 * 3 }, () => random.int(256)));

describe('an exported classifier', () => {
  it('agrees with encoder and head on their own', async () => {
    const classifier = await openOnnxClassifier(bytes);
    const encoder = await openOnnxEncoder(plain);
    const found = await classifier.classify(samples);
    const vectors = await encoder.encode(samples);

    for (const [n, vector] of vectors.entries()) {
      const logits = [0, 1, 2].map((c) =>
        vector.reduce((sum, x, k) => sum + x * head.weights[c * dimension + k]!, head.biases[c]!),
      );
      const total = logits.reduce((sum, logit) => sum + Math.exp(logit), 0);
      for (const [c, logit] of logits.entries())
        expect(Math.abs(found[n]![c]! - Math.exp(logit) / total)).toBeLessThan(1e-4);
    }
    expect(new Set(found.map((each) => each[0]!.toFixed(4))).size).toBeGreaterThan(1); // the head sees the picture
    await classifier.close();
    await encoder.close();
  });

  it('says what it was made of', async () => {
    const classifier = await openOnnxClassifier(bytes);
    expect(classifier.about).toEqual(about);
    expect(await classifier.classify([])).toEqual([]);
    await classifier.close();
  });

  it('is still the encoder it was made from', async () => {
    const [inside, outside] = [await openOnnxEncoder(bytes), await openOnnxEncoder(plain)];
    expect(await inside.encode(samples)).toEqual(await outside.encode(samples));
    await inside.close();
    await outside.close();
  });

  it('refuses samples of another length', async () => {
    const classifier = await openOnnxClassifier(bytes);
    await expect(classifier.classify([new Uint8Array(12)])).rejects.toMatchObject({ code: 'SAMPLE_INVALID' });
    await classifier.close();
  });

  it.each([
    ['an encoder', plain, /names no labels/],
    ['half a file', bytes.slice(0, bytes.length / 2), /not all of one/],
    ['text', Buffer.from('not a network'), /not an ONNX file|names no labels/],
    ['a broken description', exportClassifier(plain, head, { ...about, modelId: undefined as never }), /description/],
  ])('refuses %s', async (_what, given, why) => {
    const opening = openOnnxClassifier(given);
    await expect(opening).rejects.toMatchObject({ code: 'CLASSIFIER_INVALID' });
    await expect(opening).rejects.toThrow(why);
  });
});
