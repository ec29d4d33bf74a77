import sharp from 'sharp';
import type { Random } from '../../src/core/random.js';
import type { Region } from '../../src/core/region.js';

/** A drawing with transparency, as it lies in its file. */
export interface Drawing {
  read(): Promise<Buffer>;
}

/** One drawing in a scene. */
export interface Placed<D extends Drawing> {
  readonly drawing: D;
  /** The least box around its opaque pixels. */
  readonly box: Region;
}

/** Drawings on a texture, and where they are. */
export interface Scene<D extends Drawing> {
  /** `[size, size, 3]` */
  readonly pixels: Uint8Array;
  /** `[size, size]`: where a drawing is opaque, by half or more, its place in `placed` from 1 on; 0 on the ground. */
  readonly owners: Uint8Array;
  readonly placed: readonly Placed<D>[];
}

/** Sides of drawings, as shares of the scene's. */
const SIDES = [0.35, 0.55] as const;
/** Places that are tried until no drawing covers another. */
const TRIES = 200;

/**
 * Lays drawings on a texture at sizes and places at random, none over another: what is where is known exactly.
 * @throws Error where they find no room
 */
export async function composeScene<D extends Drawing>(
  drawings: readonly D[],
  size: number,
  random: Random,
): Promise<Scene<D>> {
  const pixels = texture(size, random.fork('texture'));
  const owners = new Uint8Array(size * size);
  const places = spread(drawings.length, size, random.fork('places'));
  const placed: Placed<D>[] = [];
  for (const [i, drawing] of drawings.entries()) {
    const square = places[i]!;
    const rgba = await sharp(await drawing.read())
      .resize(square.side, square.side, { fit: 'contain', background: { r: 0, g: 0, b: 0, alpha: 0 } })
      .ensureAlpha()
      .toColourspace('srgb')
      .raw()
      .toBuffer();
    placed.push({ drawing, box: lay(rgba, square, { pixels, owners, size, owner: i + 1 }) });
  }
  return { pixels, owners, placed };
}

interface Square {
  readonly left: number;
  readonly top: number;
  readonly side: number;
}

/** Squares of which none meets another. */
function spread(count: number, size: number, random: Random): Square[] {
  for (let attempt = 0; attempt < TRIES; attempt++) {
    const squares = Array.from({ length: count }, () => {
      const side = Math.round(size * random.between(...SIDES));
      return { side, left: random.int(size - side + 1), top: random.int(size - side + 1) };
    });
    if (squares.every((one, i) => squares.slice(0, i).every((other) => apart(one, other)))) return squares;
  }
  throw new Error(`${count} drawings find no room in ${size} × ${size} pixels.`);
}

const apart = (a: Square, b: Square): boolean =>
  a.left + a.side <= b.left || b.left + b.side <= a.left || a.top + a.side <= b.top || b.top + b.side <= a.top;

interface Ground {
  readonly pixels: Uint8Array;
  readonly owners: Uint8Array;
  readonly size: number;
  /** What the owners' pixels say of this drawing. */
  readonly owner: number;
}

/** Blends a drawing in, and answers the least box around its opaque pixels. */
function lay(rgba: Uint8Array, { left, top, side }: Square, { pixels, owners, size, owner }: Ground): Region {
  let [first, last, upper, lower] = [side, -1, side, -1];
  for (let y = 0; y < side; y++)
    for (let x = 0; x < side; x++) {
      const from = 4 * (y * side + x);
      const alpha = rgba[from + 3]! / 255;
      const at = (y + top) * size + x + left;
      for (let c = 0; c < 3; c++) pixels[3 * at + c] = alpha * rgba[from + c]! + (1 - alpha) * pixels[3 * at + c]!;
      if (alpha < 0.5) continue;
      owners[at] = owner;
      [first, last] = [Math.min(first, x), Math.max(last, x)];
      [upper, lower] = [Math.min(upper, y), Math.max(lower, y)];
    }
  if (last < 0) throw new Error('A drawing has no opaque pixel.');
  return {
    x: (left + first) / size,
    y: (top + upper) / size,
    width: (last - first + 1) / size,
    height: (lower - upper + 1) / size,
  };
}

/**
 * Noise of a few octaves between two colours, `[size, size, 3]`: a lattice of random numbers at each octave, smoothly
 * interpolated, each octave half as strong. Perlin 1985, "An Image Synthesizer" (values in place of gradients).
 */
export function texture(size: number, random: Random): Uint8Array {
  const colours = [0, 1].map(() => [0, 1, 2].map(() => random.between(0, 255)));
  const coarsest = 1 + random.int(4); // cells across
  const stretched = random.between(0.3, 1); // stripes rather than clouds, at the least
  const height = new Float64Array(size * size);
  let strength = 1;
  let most = 0;
  for (let cells = coarsest; cells <= size / 2; cells *= 2) {
    const lattice = Float64Array.from({ length: (cells + 2) ** 2 }, () => random.next());
    const corner = (row: number, column: number) => lattice[row * (cells + 2) + column]!;
    for (let y = 0; y < size; y++)
      for (let x = 0; x < size; x++) {
        const [row, down] = split((y / size) * cells * stretched);
        const [column, across] = split((x / size) * cells);
        const upper = mix(corner(row, column), corner(row, column + 1), across);
        const lower = mix(corner(row + 1, column), corner(row + 1, column + 1), across);
        height[y * size + x]! += strength * mix(upper, lower, down);
      }
    most += strength;
    strength /= 2;
  }
  return Uint8Array.from({ length: 3 * size * size }, (_, at) =>
    mix(colours[0]![at % 3]!, colours[1]![at % 3]!, height[Math.floor(at / 3)]! / most),
  );
}

const mix = (a: number, b: number, share: number): number => a + (b - a) * share;
/** A cell, and how far into it, eased so that cells do not show. */
const split = (at: number): readonly [number, number] => {
  const cell = Math.floor(at);
  const share = at - cell;
  return [cell, share * share * (3 - 2 * share)];
};
