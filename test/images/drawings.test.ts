import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { gzipSync } from 'node:zlib';
import sharp from 'sharp';
import { expect, describe as group, it } from 'vitest';
import { type Box, decode, describe, thumbnail } from '../../src/images/decode.js';

const box: Box = { width: 32, height: 32, fit: 'inside', background: [255, 255, 255] };
const svg = (body: string, size = 'width="10" height="10"'): Buffer =>
  Buffer.from(
    `<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" ${size}>${body}</svg>`,
  );
const white = (bytes: Uint8Array): boolean => bytes.every((value) => value === 255);

group('SVG drawings', () => {
  it('are rasterised sharply at the size that is wanted, whatever size they claim', async () => {
    const half = '<rect width="5" height="10"/>';

    for (const bytes of [svg(half), svg(half, 'width="1000" height="1000" viewBox="0 0 10 10"')]) {
      const pixels = await decode(bytes, box);
      expect([pixels.width, pixels.height]).toEqual([32, 32]);
      expect(pixels.bytes[3 * 13]).toBeLessThan(5);
      expect(pixels.bytes[3 * 18]).toBeGreaterThan(250);
    }
    expect(await describe(svg(half))).toMatchObject({ mime: 'image/svg+xml', width: 10, height: 10 });
    expect((await describe(await thumbnail(svg(half), 200))).width).toBeLessThanOrEqual(200);
  });

  it('fetch nothing and read no file', async () => {
    let asked = 0;
    const server = createServer((_, response) => response.end(String(++asked)));
    await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
    const { port } = server.address() as AddressInfo;
    const places = [`http://127.0.0.1:${port}/a.png`, `file://${process.cwd()}/test/images/a.png`, '/etc/hostname'];
    for (const place of places) {
      const image = `<image width="10" height="10" href="${place}" xlink:href="${place}"/>`;
      const style = `<style>@import url("${place}"); rect { fill: url("${place}#x") }</style>`;
      expect(white((await decode(svg(image + style), box)).bytes)).toBe(true);
    }
    const entity = Buffer.from(
      `<?xml version="1.0"?><!DOCTYPE svg [<!ENTITY x SYSTEM "file:///etc/hostname">]><svg xmlns="http://www.w3.org/2000/svg" width="10" height="10"><text y="9">&x;</text></svg>`,
    );
    await decode(entity, box).then(
      ({ bytes }) => expect(white(bytes)).toBe(true),
      (cause) => expect(cause).toMatchObject({ code: 'PICTURE_UNREADABLE' }),
    );
    expect(asked).toBe(0);
    server.close();
  });

  it('are bounded: gigantic ones, entities within entities, uses within uses', async () => {
    const huge = svg('<rect width="5" height="5"/>', 'width="1000000" height="1000000"');
    const lol = Array.from({ length: 9 }, (_, i) => `<!ENTITY l${i + 1} "${`&l${i};`.repeat(10)}">`).join('');
    const entities = Buffer.from(
      `<?xml version="1.0"?><!DOCTYPE svg [<!ENTITY l0 "lol">${lol}]><svg xmlns="http://www.w3.org/2000/svg" width="10" height="10"><text>&l9;</text></svg>`,
    );
    const uses = Array.from(
      { length: 12 },
      (_, i) => `<g id="g${i + 1}">${`<use xlink:href="#g${i}"/>`.repeat(10)}</g>`,
    ).join('');
    const nested = svg(`<defs><rect id="g0" width="1" height="1"/>${uses}</defs><use xlink:href="#g12"/>`);

    await expect(decode(huge, box)).rejects.toMatchObject({ code: 'PICTURE_TOO_LARGE' });
    await expect(decode(entities, box)).rejects.toMatchObject({ code: 'PICTURE_UNREADABLE' });
    await expect(decode(nested, box)).rejects.toThrow(/draws too much/);
    const pattern = (i: number) =>
      `<pattern id="p${i}" width="1" height="1">${`<rect width="1" height="1" fill="url(#p${i - 1})"/>`.repeat(9)}</pattern>`;
    const patterns = svg(`${Array.from({ length: 9 }, (_, i) => pattern(i + 1)).join('')}<rect fill="url(#p9)"/>`);
    await expect(decode(patterns, box)).rejects.toThrow(/draws too much/);
    await expect(decode(svg('<g>'.repeat(5_000) + '</g>'.repeat(5_000)), box)).rejects.toThrow(/nested too deeply/);
    await expect(decode(gzipSync(svg('<rect/>')), box)).rejects.toMatchObject({ code: 'PICTURE_UNREADABLE' });
  });

  it('may reuse shapes, use style sheets with gradients, and name their makers', async () => {
    const plain =
      Buffer.from(`<?xml version="1.0"?><!DOCTYPE svg PUBLIC "-//W3C//DTD SVG 1.1//EN" "http://x" [<!ENTITY ns_svg "http://www.w3.org/2000/svg">]>
      <svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" width="10" height="10"><!-- <use> -->
      <style>.a { fill: url(#g) }</style><defs><linearGradient id="g"><stop offset="0"/><stop offset="1"/></linearGradient>
      <rect id="r" class="a" width="5" height="10"/></defs><use href="#r"/><use xlink:href='#r' x="5"/></svg>`);

    expect((await decode(plain, box)).bytes.every((value) => value < 5)).toBe(true);
  });

  it('may embed pictures, as large as pictures may be, but no drawings', async () => {
    const inner = await sharp({ create: { width: 40, height: 40, channels: 3, background: '#000' } })
      .png()
      .toBuffer();
    const image = (type: string, bytes: Buffer) =>
      svg(`<image width="10" height="10" href="data:${type};base64,${bytes.toString('base64')}"/>`);

    expect((await decode(image('image/png', inner), box)).bytes.every((value) => value < 5)).toBe(true);
    await expect(decode(image('image/png', inner), box, { maxPixels: 1_000, maxBytes: 1e6 })).rejects.toMatchObject({
      code: 'PICTURE_TOO_LARGE',
    });
    await expect(decode(image('image/svg+xml', svg('<rect/>')), box)).rejects.toThrow(/within the drawing/);
    await expect(decode(image('image/png', svg('<rect/>')), box)).rejects.toThrow(/within the drawing/);
    const hidden = svg('<image width="10" height="10" href="&#100;ata:image/svg+xml,%3Csvg/%3E"/>');
    await expect(decode(hidden, box)).rejects.toThrow(/within the drawing/);
  });
});
