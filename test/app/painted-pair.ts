import sharp from 'sharp';
import { iconifySet } from '../../src/cli/iconify-set.js';
import { Random } from '../../src/core/random.js';
import type { Region } from '../../src/core/region.js';

export interface Painted {
  readonly png: Buffer;
  /** Where the patch is, as shares. */
  readonly box: Region;
}

const SIDE = 192;
const PATCH = 80;

/**
 * Two pictures of different textures with the same card at different places, a drawing on white. The drawings are
 * OpenMoji's: a style that the encoder which ships has never seen.
 */
export async function paintedPair(seed: number): Promise<readonly [Painted, Painted]> {
  const random = new Random(seed);
  const patch = await card(random.fork('patch'));
  const place = random.fork('place');
  const at = () => ({ left: place.int(SIDE - PATCH + 1), top: place.int(SIDE - PATCH + 1) });
  const first = at();
  let second = at();
  while (Math.hypot(first.left - second.left, first.top - second.top) < 0.3 * SIDE) second = at();
  const painted = async ({ left, top }: typeof first, kind: number, label: string): Promise<Painted> => ({
    png: await sharp(await texture(kind, random.fork(label)))
      .composite([{ input: patch, left, top }])
      .png()
      .toBuffer(),
    box: { x: left / SIDE, y: top / SIDE, width: PATCH / SIDE, height: PATCH / SIDE },
  });
  return [await painted(first, seed, 'one'), await painted(second, seed + 1 + (seed % 2), 'other')];
}

/** Soft clouds of a few colours, grain on one colour, or a mosaic: two pictures of a pair are never of one kind. */
const TEXTURES = [
  { across: 5, darkest: 0, brightest: 256, grain: 3, kernel: 'cubic' },
  { across: 4, darkest: 90, brightest: 160, grain: 50, kernel: 'cubic' },
  { across: 24, darkest: 0, brightest: 256, grain: 3, kernel: 'nearest' },
] as const;

async function texture(kind: number, random: Random): Promise<Buffer> {
  const { across, darkest, brightest, grain, kernel } = TEXTURES[kind % TEXTURES.length]!;
  const cells = Buffer.from(
    Array.from({ length: across * across * 3 }, () => Math.floor(random.between(darkest, brightest))),
  );
  const smooth = await sharp(cells, { raw: { width: across, height: across, channels: 3 } })
    .resize(SIDE, SIDE, { kernel })
    .raw()
    .toBuffer();
  const bytes = smooth.map((value) => Math.max(0, Math.min(255, value + grain * random.normal())));
  return sharp(bytes, { raw: { width: SIDE, height: SIDE, channels: 3 } })
    .png()
    .toBuffer();
}

const DRAWINGS = await iconifySet('node_modules/@iconify-json/openmoji');

async function card(random: Random): Promise<Buffer> {
  const { names, svg } = DRAWINGS;
  const drawing = sharp(Buffer.from(svg(names[random.int(names.length)]!)!), { density: 200 });
  return drawing.resize(PATCH, PATCH).flatten({ background: 'white' }).png().toBuffer();
}
