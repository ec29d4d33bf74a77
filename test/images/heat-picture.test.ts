import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { heatPicture, sideBySide } from '../../src/images/heat-picture.js';

const preparation = {
  size: 48,
  channels: 3 as const,
  background: [255, 255, 255] as [number, number, number],
  fit: 'contain' as const,
};
const wide = () =>
  sharp({ create: { width: 80, height: 40, channels: 3, background: '#3a6' } })
    .png()
    .toBuffer();
const heat = { rows: 2, columns: 2, values: [1, 0, 0, -0.5] };
const pixel = async (png: Uint8Array, x: number, y: number): Promise<number[]> => {
  const { data, info } = await sharp(png).raw().toBuffer({ resolveWithObject: true });
  return [...data.subarray((y * info.width + x) * info.channels, (y * info.width + x + 1) * info.channels)];
};

describe('a heat picture', () => {
  it('is orange where something speaks for the match, blue where it speaks against, clear elsewhere', async () => {
    const png = await heatPicture(await wide(), heat, { preparation, size: 64, peak: 1, blend: false });

    const { width, height, channels } = await sharp(png).metadata();
    expect([width, height, channels]).toEqual([64, 64, 4]);
    const [red = 0, , blue = 255, opacity = 0] = await pixel(png, 4, 4);
    expect(red).toBeGreaterThan(240);
    expect(blue).toBeLessThan(20);
    expect(opacity).toBeGreaterThan(200);
    const [, , against = 0, half = 0] = await pixel(png, 60, 60);
    expect(against).toBeGreaterThan(240);
    expect(half).toBeGreaterThan(90);
    expect(half).toBeLessThan(120);
    expect((await pixel(png, 60, 4))[3]).toBeLessThan(10);
  });

  it('lies on the square that the encoder sees, margins and all', async () => {
    const png = await heatPicture(await wide(), heat, { preparation, size: 64, peak: 1, blend: true });

    const [margin, inside, hot] = await Promise.all([pixel(png, 60, 8), pixel(png, 60, 22), pixel(png, 8, 22)]);
    expect(Math.min(...margin.slice(0, 3))).toBeGreaterThan(230);
    expect(inside[1]!).toBeGreaterThan(inside[0]! + 10); // still green, though pale
    expect(hot[0]!).toBeGreaterThan(hot[1]! + 60);
  });

  it('is the bare picture where there is no heat at all', async () => {
    const none = { rows: 1, columns: 1, values: [0] };
    const png = await heatPicture(await wide(), none, { preparation, size: 64, peak: 0, blend: false });

    expect((await sharp(png).stats()).channels[3]!.max).toBe(0);
  });

  it('stands beside another with a gap between them', async () => {
    const view = { preparation, size: 64, peak: 1, blend: true };
    const [one, other] = [
      await heatPicture(await wide(), heat, view),
      await heatPicture(await wide(), { ...heat, values: [0, 0, 0, 1] }, view),
    ];
    const both = await sideBySide(one, other, 64);

    const { width, height } = await sharp(both).metadata();
    expect([width, height]).toEqual([140, 64]);
    expect((await pixel(both, 8, 22)).slice(0, 3)).toEqual((await pixel(one, 8, 22)).slice(0, 3));
    expect((await pixel(both, 76 + 56, 42)).slice(0, 3)).toEqual((await pixel(other, 56, 42)).slice(0, 3));
    expect((await pixel(both, 70, 30)).slice(0, 3)).toEqual([255, 255, 255]);
  });
});
