import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { exportEncoder } from '../../src/encoder/export-encoder.js';
import { publishedWhitening } from '../../src/encoder/published-whitening.js';
import { toyParts, toyWhitening } from './toy-parts.js';

describe('the whitening of an exported encoder', () => {
  it('is read back as it was written', () => {
    const { width } = toyParts().encoder;
    for (const axes of [width, 5]) {
      const whitening = toyWhitening(width, axes);

      expect(publishedWhitening(exportEncoder(toyParts(9, 3, whitening)))).toEqual(whitening);
    }
  });

  it('is read from the encoder that ships', () => {
    const { dimension, mean, matrix } = publishedWhitening(readFileSync('models/kindred-drawings-2/encoder.onnx'))!;

    expect([dimension, mean.length, matrix.length]).toEqual([1152, 1152, 1152 * 512]);
  });

  it('is none where the encoder has none', () => {
    expect(publishedWhitening(exportEncoder(toyParts()))).toBeUndefined();
  });
});
