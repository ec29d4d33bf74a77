import sharp from 'sharp';
import { AppError } from '../errors.js';

/**
 * A WebP of a sample as the network sees it, at most `side` pixels a side.
 * @param shape `[height, width, channels]`, 1 or 3 channels
 * @throws AppError SAMPLE_INVALID for a sample of another size
 */
export async function samplePicture(sample: Uint8Array, shape: readonly number[], side: number): Promise<Buffer> {
  const [height = 0, width = 0, channels = 0] = shape;
  const expected = height * width * channels;
  if (sample.length !== expected) throw new AppError('SAMPLE_INVALID', { expected, received: sample.length });
  return sharp(sample, { raw: { width, height, channels: channels as 1 | 3 } })
    .resize(side, side, { fit: 'inside', withoutEnlargement: true })
    .webp({ quality: 80 })
    .toBuffer();
}
