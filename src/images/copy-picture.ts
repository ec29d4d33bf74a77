import sharp from 'sharp';
import type { Random } from '../core/random.js';
import { type Box, DEFAULT_LIMITS, decode, type PictureLimits, type Pixels } from './decode.js';

/** What pictures are laid on where they are transparent, as the encoder is shown them. */
export interface CopyOptions {
  readonly background: Box['background'];
  readonly limits?: PictureLimits;
}

/** Pixels on the long side that a copy starts from, and the fewest it is scaled down to on its short side. */
const LARGEST = 512;
const SMALLEST = 64;
/** Share that is cut off each edge, at most. */
const MOST_CUT = 0.01;
const SIZES = [0.5, 1] as const;
const LIGHT = [0.95, 1.05] as const;
const QUALITIES = [60, 95] as const;

/** Squares that two pictures are compared on, a side, and how far any of them may lie apart, of 255. */
const SQUARES = 16;
const MOST_APART = 16;
/** How much one picture may be lighter than the other, as a factor. */
const MOST_GAIN = 1.2;
/** How much their proportions may differ, as a factor: what rounding to whole pixels does to a thumbnail. */
const MOST_SKEW = 1.05;

/**
 * A copy as people make them: the edges trimmed by up to 1% each, scaled to 50–100%, up to 5% lighter or darker, and saved
 * as a JPEG of quality 60–95, each drawn evenly. Throws PICTURE_UNREADABLE, PICTURE_TOO_LARGE.
 */
export async function copyPicture(bytes: Uint8Array, random: Random, options: CopyOptions): Promise<Buffer> {
  const { width, height, picture } = await pixelsOf(bytes, LARGEST, options);
  const cut = (side: number) => Math.floor(random.between(0, MOST_CUT) * side);
  const [left, right, top, bottom] = [cut(width), cut(width), cut(height), cut(height)];
  const [wide, high] = [width - left - right, height - top - bottom];
  const scale = Math.min(1, Math.max(random.between(...SIZES), SMALLEST / Math.min(wide, high)));
  return picture
    .extract({ left, top, width: wide, height: high })
    .resize(Math.max(1, Math.round(scale * wide)), Math.max(1, Math.round(scale * high)), { fit: 'fill' })
    .linear(random.between(...LIGHT), 0)
    .jpeg({ quality: Math.round(random.between(...QUALITIES)) })
    .toBuffer();
}

/**
 * Whether two originals are one picture, saved, scaled or lit another way: no square of a 16 × 16 grid differs by more
 * than 16 of 255 once their light is evened out. Strict on purpose: a copy that was cropped is not recognised, and
 * neither are two pictures that differ in a small part. Throws PICTURE_UNREADABLE, PICTURE_TOO_LARGE.
 */
export async function samePicture(a: Uint8Array, b: Uint8Array, options: CopyOptions): Promise<boolean> {
  const [left, right] = await Promise.all([a, b].map((bytes) => squaresOf(bytes, options)));
  const skew = left!.proportion / right!.proportion;
  if (skew > MOST_SKEW || skew < 1 / MOST_SKEW) return false;
  let [product, square] = [0, 0];
  for (const [i, value] of left!.squares.entries()) {
    product += value * right!.squares[i]!;
    square += value * value;
  }
  const gain = square === 0 ? 1 : Math.min(MOST_GAIN, Math.max(1 / MOST_GAIN, product / square));
  return left!.squares.every((value, i) => Math.abs(gain * value - right!.squares[i]!) <= MOST_APART);
}

async function pixelsOf(bytes: Uint8Array, side: number, { background, limits = DEFAULT_LIMITS }: CopyOptions) {
  const box: Box = { width: side, height: side, fit: 'inside', background, keepSmall: true };
  const pixels: Pixels = await decode(bytes, box, limits);
  const { width, height, channels } = pixels;
  return { width, height, picture: sharp(pixels.bytes, { raw: { width, height, channels: channels as 1 | 3 } }) };
}

/** Mean colours of the squares, (16 · 16 · 3) from 0 to 255. */
async function squaresOf(bytes: Uint8Array, options: CopyOptions) {
  const { width, height, picture } = await pixelsOf(bytes, 8 * SQUARES, options);
  const squares = await picture
    .resize(SQUARES, SQUARES, { fit: 'fill', kernel: 'linear' })
    .toColourspace('srgb')
    .removeAlpha()
    .raw({ depth: 'uchar' })
    .toBuffer();
  return { proportion: width / height, squares };
}
