import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { AppError } from '../../src/errors.js';
import { folderSource, itemIdOf } from '../../src/images/folder-source.js';
import { itemsSource } from '../../src/images/items-source.js';
import { manifestSource } from '../../src/images/manifest-source.js';
import { openSource } from '../../src/images/open-source.js';
import type { PictureSource, SourcePicture } from '../../src/images/picture-source.js';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'kindred-sources-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

async function put(path: string, content = path): Promise<void> {
  await mkdir(join(folder, path, '..'), { recursive: true });
  await writeFile(join(folder, path), content);
}

async function all(source: PictureSource): Promise<SourcePicture[]> {
  const pictures: SourcePicture[] = [];
  for await (const picture of source.list()) pictures.push(picture);
  return pictures;
}

const outcome = (work: Promise<Buffer>): Promise<string> =>
  work.then(String, (cause) => {
    if (!(cause instanceof AppError)) throw cause;
    return `${cause.code}: ${cause.message}`;
  });

describe('folderSource', () => {
  it('lists every file that is not hidden, by path in byte order, and reads it', async () => {
    for (const path of ['b.png', 'a/2.png', 'a/1.png', 'a.png', 'é.png', 'Z.png', '.hidden.png', '.git/x.png', 'a/.x'])
      await put(path);

    const pictures = await all(folderSource(folder));

    expect(pictures.map(({ itemId }) => itemId)).toEqual(['Z.png', 'a.png', 'a/1.png', 'a/2.png', 'b.png', 'é.png']);
    expect(pictures[2]).toMatchObject({ name: 'a/1.png', attributes: { file: 'a/1.png', folder: 'a' } });
    expect(await outcome(pictures[2]!.read())).toBe('a/1.png');
  });

  it('never leaves the folder, and ends where links go round', async () => {
    const outside = await mkdtemp(join(tmpdir(), 'kindred-outside-'));
    await writeFile(join(outside, 'secret.png'), 'secret');
    await put('in/a.png');
    await symlink(join(outside, 'secret.png'), join(folder, 'stolen.png'));
    await symlink(outside, join(folder, 'elsewhere'));
    await symlink(folder, join(folder, 'in', 'loop'));
    await symlink(join(folder, 'in', 'a.png'), join(folder, 'same.png'));
    await symlink(join(folder, 'nothing'), join(folder, 'dead.png'));

    const read = Object.fromEntries(
      await Promise.all((await all(folderSource(folder))).map(async (each) => [each.name, await outcome(each.read())])),
    );

    expect(read).toEqual({
      'dead.png': expect.stringMatching(/^PICTURE_UNREADABLE: .*link to nothing/),
      elsewhere: expect.stringMatching(/^PICTURE_UNREADABLE: .*link out of the folder/),
      'in/a.png': 'in/a.png',
      'same.png': 'in/a.png',
      'stolen.png': expect.stringMatching(/^PICTURE_UNREADABLE: .*link out of the folder/),
    });
    await rm(outside, { recursive: true });
  });

  it('names a file that is gone or too large, and does not read the large one', async () => {
    await put('gone.png');
    await put('large.png', 'x'.repeat(1000));
    const [gone, large] = await all(folderSource(folder, { maxPixels: 100, maxBytes: 999 }));
    await rm(join(folder, 'gone.png'));

    expect(await outcome(gone!.read())).toMatch(/^PICTURE_UNREADABLE: .*ENOENT/);
    expect(await outcome(large!.read())).toMatch(/^PICTURE_TOO_LARGE/);
  });

  it('gives ids the API takes: at most 256 characters, no control characters, each its own', () => {
    const ids = ['plain/a.png', `${'x'.repeat(300)}1`, `${'x'.repeat(300)}2`, 'new\nline', 'new_line'].map(itemIdOf);

    expect(ids[0]).toBe('plain/a.png');
    expect(new Set(ids).size).toBe(5);
    // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is looked for
    for (const id of ids) expect(id.length <= 256 && !/[\u0000-\u001f]/.test(id)).toBe(true);
  });

  it('refuses a folder that is not there', async () => {
    await expect(all(folderSource(join(folder, 'no')))).rejects.toMatchObject({ code: 'SOURCE_UNUSABLE' });
  });
});

describe('manifestSource', () => {
  const bad = async (source: PictureSource) => {
    const lines: string[] = [];
    for (const each of await all(source)) {
      const said = await outcome(each.read());
      if (said.startsWith('PICTURE_UNREADABLE')) lines.push(`${each.name.replace(/^.*\//, '')}: ${said.slice(20)}`);
    }
    return lines;
  };

  it('reads CSV: paths beside it, ids, attributes, quotes, and names the lines that are wrong', async () => {
    await put('pictures/a.png');
    await put('pictures/b, c.png');
    await put(
      'list.csv',
      '\ufeffid,path,colour,price\r\none,pictures/a.png,red,3\r\n,"pictures/b, c.png",,\r\n\r\ntwo\r\n,,blue,1\r\none,pictures/a.png,x,1\r\n',
    );

    const source = manifestSource(join(folder, 'list.csv'));
    const pictures = await all(source);

    expect(pictures.slice(0, 2).map(({ itemId, attributes }) => ({ itemId, attributes }))).toEqual([
      { itemId: 'one', attributes: { colour: 'red', price: '3' } },
      { itemId: 'pictures/b, c.png', attributes: {} },
    ]);
    expect(await outcome(pictures[1]!.read())).toBe('pictures/b, c.png');
    expect(await bad(source)).toEqual([
      expect.stringMatching(/^list.csv line 5: .*it has 1 fields, and the first line 4/),
      expect.stringMatching(/^list.csv line 6: .*neither a path nor a url/),
      expect.stringMatching(/^list.csv line 7: .*its id "one" is that of .*line 2/),
    ]);
  });

  it('keeps what it understood of a CSV with a quote that is never closed', async () => {
    await put('a.png');
    await put('list.csv', 'path,name\na.png,fine\na2.png,"never\nclosed,really\n');

    const pictures = await all(manifestSource(join(folder, 'list.csv')));

    expect(pictures[0]!.itemId).toBe('a.png');
    expect(pictures.length).toBe(2);
    expect(await outcome(pictures[1]!.read())).toMatch(/^PICTURE_UNREADABLE/);
  });

  it('reads JSON Lines with nested attributes and numbers for ids, and names the lines that are wrong', async () => {
    await put('a.png');
    const lines = [
      '{"path":"a.png","id":7,"tags":["x"],"size":{"w":1}}',
      'not json',
      '[]',
      '{"path":3}',
      '{"path":"../a.png"}',
      '{"path":"/etc/passwd","id":"p"}',
      '{"path":"no.png"}',
      '{"url":"http://example.org/a.png"}',
    ];
    await put('list.jsonl', `${lines.join('\n')}\n`);

    const source = manifestSource(join(folder, 'list.jsonl'));
    const [first] = await all(source);

    expect(first).toMatchObject({ itemId: '7', attributes: { tags: ['x'], size: { w: 1 } } });
    expect(await outcome(first!.read())).toBe('a.png');
    expect(await bad(source)).toHaveLength(7);
    expect((await bad(source)).filter((line) => line.includes('leads out of the folder'))).toHaveLength(2);
  });

  it('hands addresses to whoever fetches them', async () => {
    await put('list.jsonl', '{"url":"http://example.org/a.png"}\n');
    const fetched: string[] = [];
    const fetchPicture = async (url: string) => Buffer.from(fetched.push(url).toString());

    const [picture] = await all(manifestSource(join(folder, 'list.jsonl'), { fetchPicture }));

    expect(picture!.itemId).toBe('http://example.org/a.png');
    expect(await outcome(picture!.read())).toBe('1');
    expect(fetched).toEqual(['http://example.org/a.png']);
  });

  it('refuses a table without a path or url column', async () => {
    await put('list.csv', 'name,file\na,b\n');

    await expect(all(manifestSource(join(folder, 'list.csv')))).rejects.toMatchObject({ code: 'SOURCE_UNUSABLE' });
  });
});

describe('itemsSource', () => {
  it('lists anew every time', async () => {
    const source = itemsSource('items', async function* () {
      yield { itemId: 'a', attributes: { x: 1 }, read: async () => Buffer.from('a') };
    });

    expect(await all(source)).toMatchObject([{ name: 'a', itemId: 'a', attributes: { x: 1 } }]);
    expect(await all(source)).toHaveLength(1);
  });
});

describe('openSource', () => {
  it('tells folders from manifests, and says what else it was given', async () => {
    await put('list.ndjson', '');
    await put('notes.txt');

    expect((await openSource(folder)).description).toBe(`folder ${folder}`);
    expect((await openSource(join(folder, 'list.ndjson'))).description).toMatch(/^manifest/);
    await expect(openSource(join(folder, 'notes.txt'))).rejects.toMatchObject({ code: 'SOURCE_UNUSABLE' });
    await expect(openSource(join(folder, 'missing'))).rejects.toThrow(/there is no/);
  });
});
