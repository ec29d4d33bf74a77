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
  return { folder, store: openBlobStore(folder) };
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
    expect(await openBlobStore(folder).get(content)).toEqual(bytes);
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

    await expect(openBlobStore(folder).put(Buffer.from('x'))).rejects.toMatchObject({
      code: 'CATALOGUE_UNAVAILABLE',
      remedy: expect.stringContaining('KINDRED_DATA'),
    });
  });
});
