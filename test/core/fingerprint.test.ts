import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { fingerprint, fingerprintFile, stableJson } from '../../src/core/fingerprint.js';

it('is the SHA-256 that everybody computes, of text, bytes and files', async () => {
  const abc = 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad';
  const path = join(await mkdtemp(join(tmpdir(), 'kindred-fp-')), 'abc');
  await writeFile(path, 'abc');

  expect(fingerprint('abc')).toBe(abc);
  expect(fingerprint(Buffer.from('abc'))).toBe(abc);
  expect(await fingerprintFile(path)).toBe(abc);
});

it('writes equal values as equal text', () => {
  expect(stableJson({ b: [1, { d: 1, c: 2 }], a: null })).toBe('{"a":null,"b":[1,{"c":2,"d":1}]}');
});
