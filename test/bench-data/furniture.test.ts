import { deflateRawSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { parseProperties } from '../../bench/data/furniture.js';
import { zipEntries } from '../../bench/data/zip-entries.js';

/** A ZIP archive of two files, one stored and one deflated, as APPNOTE 4.3 lays it out. */
function archiveOf(
  files: readonly { readonly name: string; readonly bytes: Buffer; readonly method: 0 | 8 }[],
): Buffer {
  const parts: Buffer[] = [];
  const directory: Buffer[] = [];
  let at = 0;
  for (const { name, bytes, method } of files) {
    const packed = method === 8 ? deflateRawSync(bytes) : bytes;
    const local = Buffer.alloc(30);
    local.writeUInt32LE(0x04034b50, 0);
    local.writeUInt16LE(method, 8);
    local.writeUInt16LE(name.length, 26);
    local.writeUInt16LE(3, 28); // an extra field of its own length
    const entry = Buffer.alloc(46);
    entry.writeUInt32LE(0x02014b50, 0);
    entry.writeUInt16LE(method, 10);
    entry.writeUInt32LE(packed.length, 20);
    entry.writeUInt16LE(name.length, 28);
    entry.writeUInt32LE(at, 42);
    directory.push(entry, Buffer.from(name));
    parts.push(local, Buffer.from(name), Buffer.alloc(3), packed);
    at += 33 + name.length + packed.length;
  }
  const end = Buffer.alloc(22 + 2);
  end.writeUInt32LE(0x06054b50, 0);
  end.writeUInt16LE(files.length, 10);
  end.writeUInt32LE(at, 16);
  end.writeUInt16LE(2, 20); // a comment of two bytes
  return Buffer.concat([...parts, ...directory, end]);
}

describe('zipEntries', () => {
  const long = Buffer.from('furniture '.repeat(500));
  const archive = archiveOf([
    { name: 'a/stored.txt', bytes: Buffer.from('as it is'), method: 0 },
    { name: 'deflated.txt', bytes: long, method: 8 },
  ]);

  it('unpacks what is stored and what is deflated', () => {
    const entries = zipEntries(archive);

    expect([...entries.keys()]).toEqual(['a/stored.txt', 'deflated.txt']);
    expect(entries.get('a/stored.txt')?.().toString()).toBe('as it is');
    expect(entries.get('deflated.txt')?.()).toEqual(long);
  });

  it('refuses what is no archive, and one that breaks off', () => {
    expect(() => zipEntries(Buffer.from('something else altogether'))).toThrow(/no ZIP archive/);
    const broken = Buffer.from(archive);
    broken.writeUInt32LE(7, archive.length - 24 + 16);
    expect(() => zipEntries(broken)).toThrow(/breaks off at file 0/);
  });
});

describe('parseProperties', () => {
  it('reads keys and values as Java writes them', () => {
    const text = [
      '# a comment',
      'name#1=Caf\\u00e9 table',
      'tags#1 = wood,\\',
      '   round',
      'icon#1=/a\\:b.png',
      '',
    ].join('\n');

    expect(Object.fromEntries(parseProperties(text))).toEqual({
      'name#1': 'Café table',
      'tags#1': 'wood,round',
      'icon#1': '/a:b.png',
    });
  });
});
