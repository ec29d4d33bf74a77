import sharp, { type Sharp } from 'sharp';
import { describe, expect, it } from 'vitest';
import { Random } from '../../src/core/random.js';
import { copyPicture, samePicture } from '../../src/images/copy-picture.js';

const options = { background: [255, 255, 255] } as const;

/** A drawing of a face: everything but the mouth is the same in all of them. */
function face(mouth: string): Promise<Buffer> {
  const drawing = `<svg xmlns="http://www.w3.org/2000/svg" width="240" height="200"><rect width="240" height="200" fill="#8cf"/>
    <circle cx="120" cy="100" r="80" fill="#fc3"/><circle cx="90" cy="80" r="10"/><circle cx="150" cy="80" r="10"/>${mouth}</svg>`;
  return sharp(Buffer.from(drawing)).removeAlpha().png().toBuffer();
}
const happy = await face('<path d="M80 120 Q120 170 160 120" stroke="#000" stroke-width="8" fill="none"/>');
const surprised = await face('<circle cx="120" cy="130" r="18"/>');

describe('copyPicture', () => {
  it('makes the same copy of the same seed, and another of another', async () => {
    const made = await Promise.all([5, 5, 6].map((seed) => copyPicture(happy, new Random(seed), options)));

    expect(made[0]!.equals(made[1]!)).toBe(true);
    expect(made[0]!.equals(made[2]!)).toBe(false);
  });

  it('makes JPEGs of at most the size, at least half of it, and about its proportions', async () => {
    for (let seed = 0; seed < 12; seed++) {
      const { format, width, height } = await sharp(await copyPicture(happy, new Random(seed), options)).metadata();

      expect(format).toBe('jpeg');
      expect(width).toBeLessThanOrEqual(240);
      expect(width).toBeGreaterThanOrEqual(0.97 * 120);
      expect(Math.abs(width / height - 1.2)).toBeLessThan(0.05);
    }
  });

  it('lays what is transparent on the background', async () => {
    const clear = await sharp({
      create: { width: 80, height: 80, channels: 4, background: { r: 0, g: 0, b: 0, alpha: 0 } },
    })
      .png()
      .toBuffer();
    const copy = await copyPicture(clear, new Random(1), { background: [200, 100, 50] });
    const { channels } = await sharp(copy).stats();

    for (const [i, wanted] of [200, 100, 50].entries())
      expect(Math.abs(channels[i]!.mean / wanted - 1)).toBeLessThan(0.08);
  });

  it('takes a picture of one pixel', async () => {
    const dot = await sharp({ create: { width: 1, height: 1, channels: 3, background: '#123' } })
      .png()
      .toBuffer();

    expect((await sharp(await copyPicture(dot, new Random(1), options)).metadata()).width).toBe(1);
  });

  it('refuses what is no picture', async () => {
    await expect(copyPicture(Buffer.from('no picture'), new Random(1), options)).rejects.toMatchObject({
      code: 'PICTURE_UNREADABLE',
    });
  });
});

describe('samePicture', () => {
  it.each([
    ['saved as a JPEG', (picture: Sharp) => picture.jpeg({ quality: 70 })],
    ['half as large, as WebP', (picture: Sharp) => picture.resize(120).webp({ quality: 70 })],
    ['lighter', (picture: Sharp) => picture.linear(0.9, 0).png()],
  ])('recognises a picture that is %s', async (_how, change) => {
    expect(await samePicture(happy, await change(sharp(happy)).toBuffer(), options)).toBe(true);
  });

  it.each([
    ['a face with another mouth', async () => surprised],
    ['its mirror image', () => sharp(surprised).flop().rotate(3).png().toBuffer()],
    ['a picture of other proportions', () => sharp(happy).resize(200, 200, { fit: 'fill' }).png().toBuffer()],
    ['a black one', () => sharp(happy).linear(0, 0).png().toBuffer()],
  ])('does not take %s for it', async (_what, other) => {
    expect(await samePicture(happy, await other(), options)).toBe(false);
  });
});
