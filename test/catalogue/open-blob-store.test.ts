import { existsSync, mkdtempSync, readdirSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { openBlobStore } from '../../src/catalogue/open-blob-store.js';
import { fingerprint } from '../../src/core/fingerprint.js';

const root = mkdtempSync(join(tmpdir(), 'kindred-blobs-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));
let stores = 0;
const fresh = () => {
  const folder = join(root, String(++stores));
  const clock = { now: 1_700_000_000_000 };
  return { folder, clock, store: openBlobStore(folder, () => clock.now) };
};
const pathOf = (folder: string, content: string) => join(folder, content.slice(0, 2), content.slice(2, 4), content);

describe('openBlobStore', () => {
  it('keeps bytes under their own SHA-256', async () => {
    const { folder, store } = fresh();
    const bytes = Buffer.from('a picture');
    const content = await store.put(bytes);

    expect(content).toBe(fingerprint(bytes));
    expect(await store.get(content)).toEqual(bytes);
    expect(await store.has(content)).toBe(true);
    expect(existsSync(pathOf(folder, content))).toBe(true);
    expect(await openBlobStore(folder, () => 0).get(content)).toEqual(bytes);
  });

  it('stores the same bytes once, however many put them at once, and leaves no drafts', async () => {
    const { folder, store } = fresh();
    const bytes = Buffer.alloc(100_000, 7);
    const names = await Promise.all(Array.from({ length: 12 }, () => store.put(bytes)));

    expect(new Set(names).size).toBe(1);
    expect(readdirSync(join(pathOf(folder, names[0]!), '..'))).toEqual([names[0]]);
  });

  it('has nothing for what was never put', async () => {
    const { store } = fresh();
    const nobody = fingerprint('nobody');

    expect(await store.get(nobody)).toBeUndefined();
    expect(await store.has(nobody)).toBe(false);
    expect(await store.derived(nobody, '128.webp', async (bytes) => bytes)).toBeUndefined();
    await store.delete(nobody);
  });

  it('says so where bytes no longer match their name, and mends a file that was cut short', async () => {
    const { folder, store } = fresh();
    const bytes = Buffer.from('a picture that lasts');
    const content = await store.put(bytes);
    writeFileSync(pathOf(folder, content), 'a picture that fades');
    await expect(store.get(content)).rejects.toMatchObject({ code: 'BLOB_DAMAGED' });

    truncateSync(pathOf(folder, content), 3);
    await store.put(bytes);
    expect(await store.get(content)).toEqual(bytes);
  });

  it('makes a derived file once, and deletes it with its original', async () => {
    const { store } = fresh();
    const content = await store.put(Buffer.from('big'));
    let made = 0;
    const make = async (original: Buffer) => {
      made++;
      return Buffer.from(`small ${original}`);
    };

    expect(String(await store.derived(content, '128.webp', make))).toBe('small big');
    expect(String(await store.derived(content, '128.webp', make))).toBe('small big');
    expect(made).toBe(1);
    await store.delete(content);
    expect(await store.derived(content, '128.webp', make)).toBeUndefined();
  });

  it('keeps nothing of a derived file that could not be made', async () => {
    const { store } = fresh();
    const content = await store.put(Buffer.from('odd'));

    await expect(
      store.derived(content, '64.webp', async () => {
        throw new Error('no picture');
      }),
    ).rejects.toThrow('no picture');
    expect(String(await store.derived(content, '64.webp', async () => Buffer.from('now')))).toBe('now');
  });

  it.each(['../../etc/passwd', 'ABC', `${'0'.repeat(63)}/`])('never reads a path out of a name: %s', async (name) => {
    const { store } = fresh();

    await expect(store.get(name)).rejects.toMatchObject({ code: 'BLOB_DAMAGED' });
    await expect(store.derived('0'.repeat(64), name, async (bytes) => bytes)).rejects.toMatchObject({
      code: 'REQUEST_INVALID',
    });
  });

  it('says what to do where the folder can not be written', async () => {
    const { folder } = fresh();
    writeFileSync(folder, 'a file in its place');

    await expect(openBlobStore(folder, () => 0).put(Buffer.from('x'))).rejects.toMatchObject({
      code: 'CATALOGUE_UNAVAILABLE',
      remedy: expect.stringContaining('KINDRED_DATA'),
    });
  });
});

const all = async <T>(pages: AsyncIterable<T>): Promise<T[]> => {
  const found: T[] = [];
  for await (const page of pages) found.push(page);
  return found;
};

describe('the upkeep of a blob store', () => {
  const bytes = Buffer.from('a picture nobody refers to');

  it('says that bytes are wanted whenever they are put, also where they are there already', async () => {
    const { store, clock } = fresh();
    const content = await store.put(bytes);
    clock.now += 5_000_000;
    await store.put(bytes);

    expect(await store.upkeep.about(content, 'kept')).toEqual({ sizeBytes: bytes.length, touchedAt: clock.now });
  });

  it('lists originals and strays folder by folder, and no trash among them', async () => {
    const { folder, store } = fresh();
    const content = await store.put(bytes);
    await store.derived(content, '64.webp', async () => Buffer.from('small'));
    const gone = await store.put(Buffer.from('gone'));
    await store.derived(gone, '64.webp', async () => Buffer.from('small'));
    rmSync(pathOf(folder, gone));
    const draft = `.draft-${content}-0123456789ab`;
    writeFileSync(join(pathOf(folder, content), '..', draft), 'half a pic');
    await store.upkeep.trash(await store.put(Buffer.from('in the trash')));

    const folders = await all(store.upkeep.folders());
    expect(folders.flatMap(({ originals }) => originals)).toEqual([content]);
    const strays = folders.flatMap(({ strays }) => strays);
    expect(strays.toSorted()).toEqual([draft, `${gone}.64.webp`].toSorted());
    for (const name of strays) {
      expect(await store.upkeep.about(name, 'kept')).toMatchObject({ sizeBytes: expect.any(Number) });
      await store.upkeep.removeStray(name);
    }
    expect((await all(store.upkeep.folders())).flatMap(({ strays }) => strays)).toEqual([]);
    await expect(store.upkeep.removeStray('../../x')).rejects.toMatchObject({ code: 'BLOB_DAMAGED' });
  });

  it('puts an original into the trash with the time that it went there, and its thumbnails away', async () => {
    const { folder, store, clock } = fresh();
    const content = await store.put(bytes);
    await store.derived(content, '64.webp', async () => Buffer.from('small'));
    clock.now += 86_400_000;

    expect(await store.upkeep.trash(content)).toBe('small'.length);

    expect(existsSync(pathOf(folder, content))).toBe(false);
    expect(await store.upkeep.about(content, 'kept')).toBeUndefined();
    expect(await store.upkeep.about(content, 'trash')).toEqual({ sizeBytes: bytes.length, touchedAt: clock.now });
    expect(await all(store.upkeep.trashed())).toEqual([[content]]);
    expect(await store.upkeep.trash(content)).toBe(0);
  });

  it.each<[string, (store: ReturnType<typeof fresh>['store'], content: string) => Promise<unknown>]>([
    ['put', (store) => store.put(bytes)],
    ['get', async (store, content) => expect(await store.get(content)).toEqual(bytes)],
    ['has', async (store, content) => expect(await store.has(content)).toBe(true)],
    [
      'derived',
      async (store, content) => expect(await store.derived(content, '64.webp', async (of) => of)).toEqual(bytes),
    ],
    ['restore', async (store, content) => expect(await store.upkeep.restore(content)).toBe(true)],
  ])('finds an original in the trash and puts it back, wanted from now on: %s', async (_verb, ask) => {
    const { store, clock } = fresh();
    const content = await store.put(bytes);
    await store.upkeep.trash(content);
    clock.now += 1_000;

    await ask(store, content);

    expect(await all(store.upkeep.trashed())).toEqual([]);
    expect(await store.upkeep.about(content, 'kept')).toMatchObject({ touchedAt: clock.now });
    expect(await store.get(content)).toEqual(bytes);
    expect(await store.upkeep.restore(content)).toBe(false);
  });

  it('mends what was cut short in the trash, and has nothing once that is emptied', async () => {
    const { folder, store } = fresh();
    const content = await store.put(bytes);
    await store.upkeep.trash(content);
    truncateSync(join(folder, 'trash', content), 3);
    await store.put(bytes);
    expect(await store.get(content)).toEqual(bytes);

    await store.upkeep.trash(content);
    await store.upkeep.purge(content);
    await store.upkeep.purge(content);
    expect(await store.get(content)).toBeUndefined();
    expect(await store.has(content)).toBe(false);
  });

  it('deletes from the trash too', async () => {
    const { store } = fresh();
    const content = await store.put(bytes);
    await store.upkeep.trash(content);
    await store.delete(content);

    expect(await store.get(content)).toBeUndefined();
  });

  it('is found by all who ask and kept for all who store it while it is taken away', async () => {
    const { store } = fresh();
    const content = await store.put(bytes);
    const small = async () => Buffer.from('small');
    for (let round = 0; round < 60; round++) {
      const found = await Promise.all([
        store.get(content),
        store.upkeep.trash(content).then(() => bytes),
        store.get(content),
        store.has(content).then((has) => (has ? bytes : undefined)),
        store.put(bytes).then(() => store.get(content)),
        store.derived(content, `${round}.webp`, small).then((made) => made && bytes),
        store.get(content),
      ]);

      expect(found).toEqual(found.map(() => bytes));
    }
    expect(await store.get(content)).toEqual(bytes);
  });
});
