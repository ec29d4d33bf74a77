import { describe, expect, it } from 'vitest';
import { ContentSet } from '../../../src/app/tidy/content-set.js';
import { fingerprint } from '../../../src/core/fingerprint.js';

describe('ContentSet', () => {
  it('holds what it was given, however much, and nothing else', () => {
    const set = new ContentSet();
    expect(set.has(fingerprint('0'))).toBe(false);
    for (let i = 0; i < 5_000; i++) set.add(fingerprint(`${i}`));
    set.add(fingerprint('7'));

    for (let i = 0; i < 5_000; i++) expect(set.has(fingerprint(`${i}`))).toBe(true);
    for (let i = 5_000; i < 10_000; i++) expect(set.has(fingerprint(`${i}`))).toBe(false);
    set.add(fingerprint('late'));
    expect(set.has(fingerprint('late'))).toBe(true);
  });

  it('tells apart the lowest, the highest, and neighbours', () => {
    const set = new ContentSet();
    const of = (head: string) => head.padEnd(64, '0');
    set.add(of('0'));
    set.add('f'.repeat(64));
    set.add(of('8000000000001'));

    expect([of('0'), 'f'.repeat(64), of('8000000000001')].map((content) => set.has(content))).toEqual([
      true,
      true,
      true,
    ]);
    expect(set.has(of('8000000000000'))).toBe(false);
    expect(set.has(of('8000000000002'))).toBe(false);
  });
});
