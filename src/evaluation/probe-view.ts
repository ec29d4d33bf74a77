import { Random } from '../core/random.js';

/** How far a probe view may stray. Declared here once for every model; no setting of a training run changes it. */
const STRENGTH = {
  /** Share of each side that the crop keeps, at least. */
  side: 0.8,
  /** Brightness is added, in shares of full scale; contrast multiplies around the middle. */
  brightness: 0.2,
  contrast: 0.3,
  /** Standard deviation of the noise on each number, in shares of full scale. */
  noise: 0.03,
};

/**
 * A changed copy of a sample of `[height, width, channels]` bytes: cropped and moved, lighter or darker, flatter or
 * harder, a little noisy. Never mirrored and never of another hue, so that no recipe of training is favoured. What is
 * drawn is relative to the size, so the same stream makes the same view of a picture that is prepared at another size.
 */
export function probeView(sample: Uint8Array, shape: readonly number[], random: Random): Uint8Array {
  const [height = 1, width = 1, channels = 1] = shape;
  const side = random.between(STRENGTH.side, 1);
  const [left, top] = [random.next() * (1 - side) * width, random.next() * (1 - side) * height];
  const shift = 255 * random.between(-STRENGTH.brightness, STRENGTH.brightness);
  const gain = random.between(1 - STRENGTH.contrast, 1 + STRENGTH.contrast);
  const noise = new Random(random.uint32());
  const out = new Uint8Array(sample.length);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      // centres of pixels, in the source's coordinates
      const [fromX, fromY] = [left + (x + 0.5) * side - 0.5, top + (y + 0.5) * side - 0.5];
      for (let c = 0; c < channels; c++) {
        const value = between(sample, { width, height, channels }, fromX, fromY, c);
        const changed = (value - 127.5) * gain + 127.5 + shift + 255 * STRENGTH.noise * noise.normal();
        out[(y * width + x) * channels + c] = Math.max(0, Math.min(255, Math.round(changed)));
      }
    }
  }
  return out;
}

/** Bilinear between the four pixels around a point; past the edge, the edge goes on. */
function between(
  sample: Uint8Array,
  size: { readonly width: number; readonly height: number; readonly channels: number },
  x: number,
  y: number,
  channel: number,
): number {
  const at = (px: number, py: number): number => {
    const [col, row] = [Math.max(0, Math.min(size.width - 1, px)), Math.max(0, Math.min(size.height - 1, py))];
    return sample[(row * size.width + col) * size.channels + channel]!;
  };
  const [x0, y0] = [Math.floor(x), Math.floor(y)];
  const [fx, fy] = [x - x0, y - y0];
  const upper = at(x0, y0) * (1 - fx) + at(x0 + 1, y0) * fx;
  const lower = at(x0, y0 + 1) * (1 - fx) + at(x0 + 1, y0 + 1) * fx;
  return upper * (1 - fy) + lower * fy;
}
