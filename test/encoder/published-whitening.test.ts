import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { exportEncoder } from '../../src/encoder/export-encoder.js';
import { publishedWhitening } from '../../src/encoder/published-whitening.js';
import { SHIPPED } from '../shipped-model.js';
import { toyParts, toyWhitening } from './toy-parts.js';

describe('the whitening of an exported encoder', () => {
  it('is read back as it was written', () => {
    const { width } = toyParts().encoder;
    for (const axes of [width, 5]) {
      const whitening = toyWhitening(width, axes);

      expect(publishedWhitening(exportEncoder(toyParts(9, 3, whitening)))).toEqual(whitening);
    }
  });

  it.each([
    ['the encoder that ships', SHIPPED, 896],
    ['one that was exported before maps were an output', 'kindred-drawings-1', 512],
  ])('is read from %s', (_what, model, width) => {
    const { dimension, mean, matrix } = publishedWhitening(readFileSync(`models/${model}/encoder.onnx`))!;

    expect([dimension, mean.length, matrix.length]).toEqual([width, width, width * 512]);
  });

  it('is none where the encoder has none', () => {
    expect(publishedWhitening(exportEncoder(toyParts()))).toBeUndefined();
  });
});
