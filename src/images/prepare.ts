import { DEFAULT_LIMITS, decode, type PictureLimits, type Pixels } from './decode.js';
import type { Preparation } from './preparation.js';

/** Bytes of one sample. */
export const sampleBytes = (preparation: Preparation): number => preparation.size ** 2 * preparation.channels;

/** Shape of one sample: `[height, width, channels]`. */
export const sampleShape = (preparation: Preparation): readonly [number, number, number] => [
  preparation.size,
  preparation.size,
  preparation.channels,
];

/** Rec. 601 luma, in integers so that every machine rounds alike. */
const grey = (r: number, g: number, b: number): number => (r * 19_595 + g * 38_470 + b * 7_471 + 32_768) >> 16;

/** Lays the pixels in the middle of a square of the background, with the channels that are asked for. */
function onSquare(pixels: Pixels, preparation: Preparation): Uint8Array {
  const { size, channels, background } = preparation;
  const out = new Uint8Array(sampleBytes(preparation));
  if (channels === 1) out.fill(grey(...background));
  else for (let i = 0; i < out.length; i++) out[i] = background[i % 3]!;
  const [left, top] = [(size - pixels.width) >> 1, (size - pixels.height) >> 1];
  for (let y = 0; y < pixels.height; y++) {
    for (let x = 0; x < pixels.width; x++) {
      const from = (y * pixels.width + x) * pixels.channels;
      const to = ((y + top) * size + x + left) * channels;
      const r = pixels.bytes[from]!;
      const [g, b] = pixels.channels < 3 ? [r, r] : [pixels.bytes[from + 1]!, pixels.bytes[from + 2]!];
      if (channels === 1) out[to] = grey(r, g, b);
      else [out[to], out[to + 1], out[to + 2]] = [r, g, b];
    }
  }
  return out;
}

/**
 * Original → sample of `[size, size, channels]` bytes. Training and serving both call this and nothing else: an encoder
 * that is shown other pixels than it learnt from answers confidently and wrongly. Throws PICTURE_UNREADABLE,
 * PICTURE_TOO_LARGE.
 */
export async function prepare(
  bytes: Uint8Array,
  preparation: Preparation,
  limits: PictureLimits = DEFAULT_LIMITS,
): Promise<Uint8Array> {
  const { size, fit, background } = preparation;
  const box = { width: size, height: size, fit: fit === 'contain' ? 'inside' : 'cover', background } as const;
  return onSquare(await decode(bytes, box, limits), preparation);
}
