import { describe, expect, it } from 'vitest';
import { composeScene, texture } from '../../bench/data/scenes.js';
import { Random } from '../../src/core/random.js';
import { pixelsOf, whyNoRegion } from '../../src/core/region.js';

const SIZE = 64;
const svg = (shape: string) => ({
  read: async () => Buffer.from(`<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 20 20">${shape}</svg>`),
});
/** Half as wide as its square. */
const red = svg('<rect x="5" y="0" width="10" height="20" fill="#f00"/>');
const ring = svg('<circle cx="10" cy="10" r="7" fill="none" stroke="#00f" stroke-width="4"/>');
const nothing = svg('');
const compose = (seed: number) => composeScene([red, ring], SIZE, new Random(seed));

describe('a composed scene', () => {
  it('is the same for the same seed, and another for another', async () => {
    const [one, again, other] = [await compose(1), await compose(1), await compose(2)];

    expect(again).toEqual(one);
    expect(Buffer.compare(other.pixels, one.pixels)).not.toBe(0);
  });

  it('says where its drawings are: all in their boxes, which touch them on every side', async () => {
    for (let seed = 0; seed < 10; seed++) {
      const { owners, placed } = await compose(seed);
      const seen = new Uint8Array(SIZE * SIZE);
      for (const [i, { box }] of placed.entries()) {
        expect(whyNoRegion(box)).toBeUndefined();
        const { left, top, width, height } = pixelsOf(box, { width: SIZE, height: SIZE });
        const [rows, columns] = [new Set<number>(), new Set<number>()];
        for (let y = top; y < top + height; y++)
          for (let x = left; x < left + width; x++) {
            if (owners[y * SIZE + x] !== i + 1) continue;
            seen[y * SIZE + x] = i + 1;
            [rows.add(y), columns.add(x)];
          }
        const edges = [top, top + height - 1].every((y) => rows.has(y));
        expect(edges && [left, left + width - 1].every((x) => columns.has(x))).toBe(true);
      }
      expect(seen).toEqual(owners); // nothing outside of the boxes
    }
  });

  it('has the colours of a drawing where it is, and the texture in the holes of it', async () => {
    const { pixels, owners, placed } = await compose(4);
    const at = (x: number, y: number) => {
      const pixel = Math.floor(y * SIZE) * SIZE + Math.floor(x * SIZE);
      return { colour: [...pixels.subarray(3 * pixel, 3 * pixel + 3)], owner: owners[pixel] };
    };
    const [first, second] = placed.map(({ box }) => at(box.x + box.width / 2, box.y + box.height / 2));

    expect(first).toEqual({ colour: [255, 0, 0], owner: 1 });
    expect(second!.owner).toBe(0);
    expect(placed[0]!.box.width / placed[0]!.box.height).toBeCloseTo(0.5, 1);
  });

  it('refuses drawings that nobody sees, and more than there is room for', async () => {
    await expect(composeScene([nothing], SIZE, new Random(1))).rejects.toThrow(/no opaque pixel/);
    await expect(
      composeScene(
        Array.from({ length: 9 }, () => red),
        SIZE,
        new Random(1),
      ),
    ).rejects.toThrow(/no room/);
  });
});

describe('a texture', () => {
  it('is smooth from pixel to pixel, and not all one colour', () => {
    for (let seed = 0; seed < 20; seed++) {
      const pixels = texture(SIZE, new Random(seed));
      const steps = Array.from({ length: SIZE * (SIZE - 1) }, (_, i) => {
        const at = 3 * (Math.floor(i / (SIZE - 1)) * SIZE + (i % (SIZE - 1)));
        return Math.abs(pixels[at]! - pixels[at + 3]!);
      });
      const colours = new Set(Array.from({ length: SIZE * SIZE }, (_, i) => pixels.subarray(3 * i, 3 * i + 3).join()));

      expect(steps.reduce((a, b) => a + b) / steps.length).toBeLessThan(12);
      expect(colours.size).toBeGreaterThan(10);
    }
  });
});
