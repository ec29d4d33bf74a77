import sharp from 'sharp';
import { DEFAULT_LIMITS, type PictureLimits } from './decode.js';
import type { Preparation } from './preparation.js';
import { prepare } from './prepare.js';

/** Numbers on a grid over a prepared square, row by row. */
export interface Heat {
  readonly rows: number;
  readonly columns: number;
  readonly values: ArrayLike<number>;
}

export interface HeatView {
  /** How the encoder sees pictures: the heat lies on the square that it was shown. */
  readonly preparation: Preparation;
  /** Sides of the PNG in pixels. */
  readonly size: number;
  /** The value that is shown as hottest. Pictures that shall be compared share it. */
  readonly peak: number;
  /** Over the picture, which is paled so that its own colours are not taken for heat; else the heat alone, on nothing. */
  readonly blend: boolean;
}

const FOR = [255, 64, 0] as const;
const AGAINST = [0, 96, 255] as const;
/** Opacity of the hottest place. */
const STRONGEST = 0.85;
const PALE = { saturation: 0.35, gain: 0.6, lift: 90 };
/** Pixels between two pictures side by side. */
const GAP = 12;

/**
 * The heat of a picture as a PNG: orange for what speaks for the match, blue for what speaks against it, the stronger the
 * more; between the middles of cells it is interpolated. Throws PICTURE_UNREADABLE, PICTURE_TOO_LARGE.
 */
export async function heatPicture(
  original: Uint8Array,
  heat: Heat,
  { preparation, size, peak, blend }: HeatView,
  limits: PictureLimits = DEFAULT_LIMITS,
): Promise<Buffer> {
  const overlay = await sharp(inColours(heat, peak), { raw: { width: heat.columns, height: heat.rows, channels: 4 } })
    .resize(size, size, { fit: 'fill', kernel: 'linear' })
    .png()
    .toBuffer();
  if (!blend) return overlay;
  const seen = await prepare(original, { ...preparation, size, channels: 3 }, limits);
  const paled = await sharp(seen, { raw: { width: size, height: size, channels: 3 } })
    .modulate({ saturation: PALE.saturation })
    .linear(PALE.gain, PALE.lift)
    .png({ compressionLevel: 0 })
    .toBuffer();
  return sharp(paled)
    .composite([{ input: overlay }])
    .png()
    .toBuffer();
}

function inColours({ values }: Heat, peak: number): Uint8Array {
  const pixels = new Uint8Array(values.length * 4);
  for (let i = 0; i < values.length; i++) {
    const strength = peak > 0 ? Math.min(1, Math.abs(values[i]!) / peak) : 0;
    pixels.set([...(values[i]! >= 0 ? FOR : AGAINST), Math.round(255 * STRONGEST * strength)], i * 4);
  }
  return pixels;
}

/** Two pictures of one size beside each other, on white. */
export async function sideBySide(left: Uint8Array, right: Uint8Array, size: number): Promise<Buffer> {
  const canvas = { width: 2 * size + GAP, height: size, channels: 3, background: 'white' } as const;
  return sharp({ create: canvas })
    .composite([
      { input: Buffer.from(left), left: 0, top: 0 },
      { input: Buffer.from(right), left: size + GAP, top: 0 },
    ])
    .png()
    .toBuffer();
}
