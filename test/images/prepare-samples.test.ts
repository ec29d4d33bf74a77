import { appendFile, mkdtemp, readdir, readFile, rm, stat, truncate, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { fingerprint } from '../../src/core/fingerprint.js';
import { AppError } from '../../src/errors.js';
import type { PictureSource } from '../../src/images/picture-source.js';
import { Preparation } from '../../src/images/preparation.js';
import { prepare } from '../../src/images/prepare.js';
import { type PrepareOptions, prepareSamples } from '../../src/images/prepare-samples.js';

const preparation = Preparation.parse({ size: 8 });
let cacheFolder: string;
let pictures: Record<string, Buffer>;

/** A picture of one colour, told apart by a number. */
const drawing = (number: number): Promise<Buffer> =>
  sharp({ create: { width: 9, height: 7, channels: 3, background: { r: number, g: 255 - number, b: 77 } } })
    .png()
    .toBuffer();

beforeEach(async () => {
  cacheFolder = await mkdtemp(join(tmpdir(), 'kindred-pixels-'));
  pictures = {};
  for (let i = 0; i < 12; i++) pictures[`p${String(i).padStart(2, '0')}`] = await drawing(i * 9);
});
afterEach(() => rm(cacheFolder, { recursive: true, force: true }));

/** The pictures of this test; those not there any more can't be read. */
const source = (names = Object.keys(pictures)): PictureSource => ({
  description: 'test',
  async *list() {
    for (const name of names)
      yield {
        name,
        itemId: name,
        attributes: {},
        read: async () => {
          const bytes = pictures[name];
          if (bytes === undefined) throw new Error('gone');
          return bytes;
        },
      };
  },
});
const run = (options: Partial<PrepareOptions> = {}, from = source()) =>
  prepareSamples(from, preparation, { cacheFolder, ...options });
const cacheFiles = async (): Promise<string[]> => {
  const [folder] = await readdir(cacheFolder);
  return (await readdir(join(cacheFolder, folder!))).map((name) => join(cacheFolder, folder!, name));
};
/** All samples as text, to compare runs with. */
const pixels = (run: Awaited<ReturnType<typeof prepareSamples>>): string[] =>
  run.ids.map((_, index) => fingerprint(run.samples.read(index)));

describe('prepareSamples', () => {
  it('gives what prepare gives, byte for byte, in the order of the source', async () => {
    const prepared = await run();

    expect(prepared.ids).toEqual(Object.keys(pictures));
    expect(prepared.samples.shape).toEqual([8, 8, 3]);
    for (const [index, bytes] of Object.values(pictures).entries())
      expect(prepared.samples.read(index)).toEqual(await prepare(bytes, preparation));
    prepared.close();
  });

  it('gives the same from the cache, from memory and from the file', async () => {
    const fresh = await run();
    const [cached, fromFile] = [await run(), await run({ memoryBytes: 0, concurrency: 1 })];

    expect(pixels(cached)).toEqual(pixels(fresh));
    expect(pixels(fromFile)).toEqual(pixels(fresh));
    expect(new Set([fresh, cached, fromFile].map(({ samples }) => samples.fingerprint)).size).toBe(1);
    for (const each of [fresh, cached, fromFile]) each.close();
    expect(await cacheFiles()).toHaveLength(1);
  });

  it('does not decode a picture again: the cache answers even where decoding would fail', async () => {
    (await run()).close();

    const again = await run({ limits: { maxPixels: 1, maxBytes: 1 } });

    expect(again.skipped).toEqual([]);
    expect(again.samples.count).toBe(12);
    again.close();
  });

  it('names what it skips, with the reason, and goes on', async () => {
    pictures.p03 = Buffer.from('no picture');
    const names = [...Object.keys(pictures), 'missing'];
    delete pictures.p05;

    const prepared = await run({}, source(names));

    expect(prepared.samples.count).toBe(10);
    expect(prepared.skipped).toEqual([
      { name: 'p03', code: 'PICTURE_UNREADABLE', why: expect.stringContaining('not a picture') },
      { name: 'p05', code: 'PICTURE_UNREADABLE', why: 'gone' },
      { name: 'missing', code: 'PICTURE_UNREADABLE', why: 'gone' },
    ]);
    prepared.close();
  });

  it('keeps the first of equal pictures, whatever files they come in, unless told to keep all', async () => {
    pictures.twin = await sharp(pictures.p04).tiff().toBuffer();
    const [without, all] = [await run(), await run({ dropEqual: false })];

    expect(without.equal).toEqual(['twin']);
    expect(without.samples.count).toBe(12);
    expect(all.samples.count).toBe(13);
    expect(all.samples.fingerprint).not.toBe(without.samples.fingerprint);
    without.close();
    all.close();
  });

  it('has a fingerprint that depends on the pixels and their order alone', async () => {
    const names = Object.keys(pictures);
    const [plain, turned, fewer] = [
      await run(),
      await run({}, source(names.toReversed())),
      await run({}, source(names.slice(1))),
    ];

    expect(new Set([plain, turned, fewer].map(({ samples }) => samples.fingerprint)).size).toBe(3);
    for (const each of [plain, turned, fewer]) each.close();
  });

  it('ignores a half-written tail and a damaged record, and prepares those pictures again', async () => {
    const fresh = await run();
    const expected = pixels(fresh);
    fresh.close();
    const [file] = await cacheFiles();
    const bytes = await readFile(file!);
    await truncate(file!, bytes.length - 5);
    const damaged = await readFile(file!);
    damaged[100]! ^= 1;
    await writeFile(file!, damaged);

    const again = await run();

    expect(pixels(again)).toEqual(expected);
    again.close();
    expect(await cacheFiles()).toHaveLength(2);
    await appendFile((await cacheFiles())[0]!, 'rubbish');
    const third = await run();
    expect(pixels(third)).toEqual(expected);
    third.close();
  });

  it('marks the files that a run uses with the time, and no others', async () => {
    const names = Object.keys(pictures);
    const touched = async (): Promise<number[]> =>
      (await Promise.all((await cacheFiles()).sort().map((file) => stat(file)))).map(({ mtimeMs }) => mtimeMs);
    (await run({}, source(names.slice(0, 6)))).close();
    const [first] = await cacheFiles();
    (await run()).close();
    for (const file of await cacheFiles()) await utimes(file, 1, 1);

    (await run({}, source(names.slice(0, 6)))).close();
    expect(await touched()).toEqual([1_000, 1_000]);
    (await run({ now: () => 5_000_000 }, source(names.slice(0, 6)))).close();
    const marked = (await stat(first!)).mtimeMs;
    expect([marked, ...(await touched()).toSorted()]).toEqual([5_000_000, 1_000, 5_000_000]);
  });

  it('serves two runs at once in one folder', async () => {
    const [one, two] = await Promise.all([run(), run({ concurrency: 2 })]);

    expect(pixels(one)).toEqual(pixels(two));
    one.close();
    two.close();
  });

  it('stops when told to, and leaves a cache that goes on from there', async () => {
    const controller = new AbortController();
    const stopped = run({ signal: controller.signal, progress: ({ done }) => done === 5 && controller.abort() });

    await expect(stopped).rejects.toMatchObject({ code: 'CANCELLED' });
    const goneOn = await run();
    expect(goneOn.samples.count).toBe(12);
    goneOn.close();
  });

  it('never has more pictures in work than it may', async () => {
    let [now, most] = [0, 0];
    const slow: PictureSource = {
      description: 'slow',
      async *list() {
        for await (const picture of source().list())
          yield {
            ...picture,
            read: async () => {
              most = Math.max(most, ++now);
              await new Promise((done) => setTimeout(done, 3));
              now--;
              return picture.read();
            },
          };
      },
    };

    const prepared = await run({ concurrency: 3 }, slow);

    expect(most).toBe(3);
    expect(prepared.ids).toEqual(Object.keys(pictures));
    prepared.close();
  });

  it('passes on that a source is unusable, and takes one that is empty', async () => {
    const unusable: PictureSource = {
      description: 'none',
      // biome-ignore lint/correctness/useYield: a listing that fails at once
      async *list() {
        throw new AppError('SOURCE_UNUSABLE', { why: 'test' });
      },
    };

    await expect(run({}, unusable)).rejects.toMatchObject({ code: 'SOURCE_UNUSABLE' });
    const empty = await run({}, source([]));
    expect(empty.samples.count).toBe(0);
    empty.close();
  });
});
