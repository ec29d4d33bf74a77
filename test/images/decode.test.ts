import sharp from 'sharp';
import { expect, describe as group, it } from 'vitest';
import { Random } from '../../src/core/random.js';
import { AppError } from '../../src/errors.js';
import { type Box, crop, DEFAULT_LIMITS, decode, describe, thumbnail } from '../../src/images/decode.js';

const box: Box = { width: 32, height: 32, fit: 'inside', background: [255, 255, 255] };

/** Noise: no decoder can guess what is missing of it. */
function noise(width: number, height: number, channels: 1 | 2 | 3 | 4 = 3) {
  const random = new Random(1);
  const bytes = Uint8Array.from({ length: width * height * channels }, () => random.int(256));
  return sharp(bytes, { raw: { width, height, channels } });
}

const codeOf = async (work: Promise<unknown>): Promise<string> => {
  try {
    await work;
    return 'fine';
  } catch (cause) {
    if (!(cause instanceof AppError)) throw cause;
    return cause.code;
  }
};

group('decode', () => {
  it.each(['jpeg', 'png', 'webp', 'gif', 'tiff', 'avif'] as const)('reads %s, and says what it is', async (format) => {
    const bytes = await noise(40, 30).toFormat(format).toBuffer();

    expect(await describe(bytes)).toEqual({ mime: `image/${format}`, width: 40, height: 30, sizeBytes: bytes.length });
    expect(await decode(bytes, box)).toMatchObject({ width: 32, height: 24 });
  });

  it('turns a photograph as its EXIF orientation says', async () => {
    const bytes = new Uint8Array(20 * 10 * 3).map((_, i) => ((i / 3) % 20 < 10 ? 255 : 0));
    const turned = await sharp(bytes, { raw: { width: 20, height: 10, channels: 3 } })
      .jpeg({ quality: 100 })
      .withMetadata({ orientation: 6 })
      .toBuffer();

    const pixels = await decode(turned, { ...box, width: 20, height: 20 });

    expect(await describe(turned)).toMatchObject({ width: 10, height: 20 });
    expect(pixels).toMatchObject({ width: 10, height: 20 });
    expect(pixels.bytes[0]).toBeGreaterThan(240); // white was left, and is on top now
    expect(pixels.bytes.at(-1)).toBeLessThan(15);
  });

  it('reads CMYK, 16 bits, grey, grey with alpha and palettes as 8 bits of sRGB', async () => {
    const red = sharp({ create: { width: 8, height: 8, channels: 3, background: '#ff0000' } });
    const cmyk = await red.clone().toColourspace('cmyk').jpeg().toBuffer();
    const deep = await red.clone().toColourspace('rgb16').png().toBuffer();
    const palette = await red.clone().png({ palette: true }).toBuffer();
    const deepTiff = await red.clone().toColourspace('rgb16').tiff().toBuffer();
    for (const bytes of [cmyk, deep, palette, deepTiff]) {
      const { bytes: pixels, channels } = await decode(bytes, box);
      expect(channels).toBe(3);
      expect(pixels[0]).toBeGreaterThan(200);
      expect(pixels[1]).toBeLessThan(60);
    }
    const grey = await noise(8, 8, 1).toColourspace('b-w').png().toBuffer();
    expect((await decode(grey, box)).channels).toBe(3);
    const greyAlpha = await noise(8, 8, 2).toColourspace('b-w').png().toBuffer();
    expect((await sharp(greyAlpha).metadata()).channels).toBe(2);
    expect((await decode(greyAlpha, box)).bytes.length).toBeGreaterThan(0);
    const grey16 = await noise(8, 8, 1).toColourspace('grey16').png().toBuffer();
    expect((await sharp(grey16).metadata()).depth).toBe('ushort');
    expect((await decode(grey16, { ...box, width: 8, height: 8 })).bytes).toEqual(
      (await decode(grey, { ...box, width: 8, height: 8 })).bytes,
    );
  });

  it('takes the first frame of an animation', async () => {
    const frames = new Uint8Array(8 * 16 * 3).map((_, i) => (i < 8 * 8 * 3 ? 250 : 5));
    const moving = sharp(frames, { raw: { width: 8, height: 16, channels: 3, pageHeight: 8 } });
    for (const bytes of [
      await moving.clone().gif().toBuffer(),
      await moving.clone().webp({ lossless: true }).toBuffer(),
    ]) {
      expect((await sharp(bytes, { pages: -1 }).metadata()).pages).toBe(2);
      expect(await describe(bytes)).toMatchObject({ width: 8, height: 8 });

      const pixels = await decode(bytes, box);

      expect([pixels.width, pixels.height]).toEqual([32, 32]);
      expect(Math.min(...pixels.bytes)).toBeGreaterThan(240);
    }
  });

  it('bounds bytes, and pixels from the header alone', async () => {
    const wide = await sharp({ create: { width: 5000, height: 3000, channels: 3, background: '#fff' } })
      .png()
      .toBuffer();

    expect(await codeOf(decode(wide, box, { ...DEFAULT_LIMITS, maxPixels: 14_999_999 }))).toBe('PICTURE_TOO_LARGE');
    expect(await codeOf(decode(wide, box, { ...DEFAULT_LIMITS, maxPixels: 15_000_000 }))).toBe('fine');
    expect(await codeOf(describe(wide, { ...DEFAULT_LIMITS, maxBytes: 100 }))).toBe('PICTURE_TOO_LARGE');
  });

  it('refuses a small file that claims a gigantic picture', async () => {
    const bomb = await noise(4, 4).png().toBuffer();
    bomb.writeUInt32BE(60_000, 16);
    bomb.writeUInt32BE(60_000, 20);

    expect(await codeOf(decode(bomb, box))).not.toBe('fine');
  });

  it.each([
    ['one pixel', 1, 1],
    ['one row', 900, 1],
    ['one column', 1, 900],
  ])('reads a picture of %s', async (_, width, height) => {
    const pixels = await decode(await noise(width, height).png().toBuffer(), box);

    expect(pixels.width).toBe(Math.max(1, Math.round((32 * width) / Math.max(width, height))));
    expect(pixels.bytes.length).toBe(pixels.width * pixels.height * pixels.channels);
  });

  it.each(['jpeg', 'png', 'gif'] as const)(
    'reads a %s that misses its tail, but not one that misses most',
    async (format) => {
      const bytes = await noise(200, 200).toFormat(format).toBuffer();

      expect(await codeOf(decode(bytes.subarray(0, bytes.length * 0.9), box))).toBe('fine');
      expect(await codeOf(decode(bytes.subarray(0, bytes.length * 0.25), box))).toBe('PICTURE_UNREADABLE');
    },
  );

  it.each([
    ['nothing', ''],
    ['text', 'Not a picture at all, whatever the name says.'],
    ['a page', '<!doctype html><html><body><svg></svg></body></html>'],
    ['JSON', '{"image": "no"}'],
    ['a PDF', '%PDF-1.7\n1 0 obj\n<<>>\nendobj'],
    ['a JPEG head alone', '\xff\xd8\xff\xe0'],
    ['an SVG that is not closed', '<svg xmlns="http://www.w3.org/2000/svg" width="10" height="10"><rect'],
    ['an SVG without a size', '<svg xmlns="http://www.w3.org/2000/svg" width="0" height="0"></svg>'],
  ])('refuses %s', async (_, text) => {
    expect(await codeOf(decode(Buffer.from(text, 'latin1'), box))).toBe('PICTURE_UNREADABLE');
  });

  it('never throws anything but the two errors, whatever the bytes', async () => {
    const random = new Random(7);
    const originals = await Promise.all(
      (['jpeg', 'png', 'webp', 'gif', 'tiff', 'avif'] as const).map((format) =>
        noise(24, 24).toFormat(format).toBuffer(),
      ),
    );
    const seen = new Set<string>();
    for (let round = 0; round < 240; round++) {
      const bytes = Buffer.from(originals[round % originals.length]!);
      const cut = bytes.subarray(0, 1 + random.int(bytes.length));
      for (let k = random.int(6); k > 0; k--) cut[random.int(cut.length)] = random.int(256);
      seen.add(await codeOf(decode(cut, box, { maxPixels: 1_000_000, maxBytes: 1_000_000 })));
    }
    for (let round = 0; round < 60; round++)
      seen.add(
        await codeOf(
          decode(
            Uint8Array.from({ length: random.int(300) }, () => random.int(256)),
            box,
          ),
        ),
      );

    expect([...seen].sort()).toEqual(expect.arrayContaining(['PICTURE_UNREADABLE', 'fine']));
    for (const code of seen) expect(['fine', 'PICTURE_UNREADABLE', 'PICTURE_TOO_LARGE']).toContain(code);
  });
});

group('crop', () => {
  /** 40 × 20 pixels: red on the left, blue on the right, the lower half see-through. */
  const halves = () =>
    sharp(
      Uint8Array.from({ length: 40 * 20 * 4 }, (_, i) => {
        const [at, c] = [Math.floor(i / 4), i % 4];
        if (c === 3) return at < 400 ? 255 : 0;
        return (c === 0 && at % 40 < 20) || (c === 2 && at % 40 >= 20) ? 255 : 0;
      }),
      { raw: { width: 40, height: 20, channels: 4 } },
    );

  it('is that part of the picture pixel by pixel, see-through where it was', async () => {
    const part = await crop(await halves().png().toBuffer(), { x: 0.45, y: 0, width: 0.1, height: 1 });
    const { data, info } = await sharp(part).raw().toBuffer({ resolveWithObject: true });

    expect(info).toMatchObject({ width: 4, height: 20, channels: 4 });
    expect([...data.subarray(0, 16)]).toEqual([255, 0, 0, 255, 255, 0, 0, 255, 0, 0, 255, 255, 0, 0, 255, 255]);
    expect(data.at(-1)).toBe(0);
  });

  it('is taken of the upright picture', async () => {
    const turned = await halves()
      .flatten({ background: '#ffffff' })
      .jpeg({ quality: 100 })
      .withMetadata({ orientation: 6 })
      .toBuffer();
    const top = await decode(await crop(turned, { x: 0.5, y: 0, width: 0.5, height: 0.25 }), box);

    expect(await describe(await crop(turned, { x: 0, y: 0, width: 1, height: 1 }))).toMatchObject({
      width: 20,
      height: 40,
    });
    expect([top.bytes[0]! > 200, top.bytes[1]! < 60, top.bytes[2]! < 60]).toEqual([true, true, true]);
  });

  it('is bounded for a large picture, and rasterised finely for a drawing', async () => {
    const large = await sharp({ create: { width: 4000, height: 1000, channels: 3, background: 'red' } })
      .png()
      .toBuffer();
    const drawing = Buffer.from(
      '<svg xmlns="http://www.w3.org/2000/svg" width="10" height="10"><circle cx="5" cy="5" r="4"/></svg>',
    );

    expect(await describe(await crop(large, { x: 0, y: 0, width: 1, height: 1 }))).toMatchObject({
      width: 1024,
      height: 256,
    });
    expect(await describe(await crop(drawing, { x: 0, y: 0, width: 0.5, height: 0.5 }))).toMatchObject({
      width: 1024,
      height: 1024,
    });
    expect(await codeOf(crop(Buffer.from('no'), { x: 0, y: 0, width: 1, height: 1 }))).toBe('PICTURE_UNREADABLE');
  });
});

group('thumbnail', () => {
  it('is a WebP within the size, and never larger than the original', async () => {
    const small = await thumbnail(await noise(40, 30).png().toBuffer(), 256);
    const large = await thumbnail(await noise(400, 300).png().toBuffer(), 128);

    expect(await describe(small)).toMatchObject({ mime: 'image/webp', width: 40, height: 30 });
    expect(await describe(large)).toMatchObject({ mime: 'image/webp', width: 128, height: 96 });
  });
});
