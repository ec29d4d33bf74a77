import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { fingerprint } from '../../src/core/fingerprint.js';
import { Preparation } from '../../src/images/preparation.js';
import { prepare, sampleBytes } from '../../src/images/prepare.js';

const solid = (width: number, height: number, background: string) =>
  sharp({ create: { width, height, channels: 4, background } });
const settings = (given: Partial<Preparation> = {}): Preparation => Preparation.parse({ size: 16, ...given });
const pixel = (sample: Uint8Array, x: number, y: number, size = 16) => [
  ...sample.subarray((y * size + x) * 3, (y * size + x) * 3 + 3),
];

/** A picture without symmetry: a ramp of red to the right and of blue downward, with a green spot. */
async function scene(): Promise<Buffer> {
  const bytes = new Uint8Array(40 * 30 * 3);
  for (let y = 0; y < 30; y++)
    for (let x = 0; x < 40; x++) bytes.set([x * 6, x < 8 && y < 8 ? 255 : 0, y * 8], (y * 40 + x) * 3);
  return sharp(bytes, { raw: { width: 40, height: 30, channels: 3 } })
    .png()
    .toBuffer();
}

describe('prepare', () => {
  it('gives size × size × channels bytes for every preparation', async () => {
    for (const size of [8, 28, 48])
      for (const channels of [1, 3] as const)
        for (const fit of ['contain', 'cover'] as const) {
          const preparation = settings({ size, channels, fit });

          const sample = await prepare(await scene(), preparation);

          expect(sample.length).toBe(sampleBytes(preparation));
        }
  });

  it('keeps a picture of the right size as it is', async () => {
    const bytes = Uint8Array.from({ length: 16 * 16 * 3 }, (_, i) => (i * 37) % 256);
    const png = await sharp(bytes, { raw: { width: 16, height: 16, channels: 3 } })
      .png()
      .toBuffer();

    expect(await prepare(png, settings())).toEqual(bytes);
  });

  it('lays a picture that is not square in the middle of the background', async () => {
    const sample = await prepare(await solid(40, 20, '#ff0000').png().toBuffer(), settings({ background: [1, 2, 3] }));

    expect(pixel(sample, 8, 3)).toEqual([1, 2, 3]);
    expect(pixel(sample, 8, 4)).toEqual([255, 0, 0]);
    expect(pixel(sample, 8, 11)).toEqual([255, 0, 0]);
    expect(pixel(sample, 8, 12)).toEqual([1, 2, 3]);
  });

  it('fills the square and cuts the long side where the fit is cover', async () => {
    const sample = await prepare(await solid(40, 20, '#ff0000').png().toBuffer(), settings({ fit: 'cover' }));

    for (let at = 0; at < sample.length; at += 3) expect([...sample.subarray(at, at + 3)]).toEqual([255, 0, 0]);
  });

  it('lays transparency on the background before it scales, so that no dark edge appears', async () => {
    const clear = await solid(64, 64, '#00000000').png().toBuffer();
    const half = await solid(64, 64, '#ff000080').png().toBuffer();

    expect(pixel(await prepare(clear, settings({ background: [10, 20, 30] })), 8, 8)).toEqual([10, 20, 30]);
    expect(pixel(await prepare(half, settings()), 8, 8)).toEqual([255, 127, 127]);
  });

  it.each(['png', 'webp'] as const)('lets no colour of what is transparent shine through in a %s', async (format) => {
    const disc =
      '<svg xmlns="http://www.w3.org/2000/svg" width="256" height="256"><circle cx="128" cy="128" r="90" fill="red"/></svg>';
    const bytes = await sharp(Buffer.from(disc)).toFormat(format, { lossless: true }).toBuffer();

    const sample = await prepare(bytes, settings());

    for (let at = 0; at < sample.length; at += 3) expect(sample[at]).toBeGreaterThanOrEqual(250);
  });

  it('makes grey by luma, and the same grey whether the original is grey or only looks it', async () => {
    const grey = Uint8Array.from({ length: 16 * 16 }, (_, i) => i);
    const one = await sharp(grey, { raw: { width: 16, height: 16, channels: 1 } })
      .png()
      .toBuffer();
    const three = await sharp(one).toColourspace('srgb').jpeg({ quality: 100 }).png().toBuffer();

    expect(await prepare(one, settings({ channels: 1 }))).toEqual(grey);
    expect(await prepare(three, settings({ channels: 1 }))).toEqual(grey);
    const green = await prepare(await solid(9, 9, '#00ff00').png().toBuffer(), settings({ channels: 1 }));
    expect(green[8 * 16 + 8]).toBe(150);
  });

  it('gives the pixels it always gave: a change here makes every trained encoder see something else', async () => {
    const of = async (given: Partial<Preparation>) =>
      fingerprint(await prepare(await scene(), settings(given))).slice(0, 16);

    expect({
      contain: await of({}),
      cover: await of({ fit: 'cover' }),
      grey: await of({ channels: 1 }),
      larger: await of({ size: 48 }),
    }).toMatchInlineSnapshot(`
      {
        "contain": "a87fc889c4057944",
        "cover": "25ca064549000d90",
        "grey": "cff5424c55fa2020",
        "larger": "65f8a76b5bb979d6",
      }
    `);
  });
});
