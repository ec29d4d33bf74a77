import { describe, expect, it } from 'vitest';
import { readRObject } from '../../bench/data/r-object.js';

const int = (value: number): Buffer => {
  const bytes = Buffer.alloc(4);
  bytes.writeInt32BE(value);
  return bytes;
};
const real = (value: number): Buffer => {
  const bytes = Buffer.alloc(8);
  bytes.writeDoubleBE(value);
  return bytes;
};
const text = (value: string): Buffer => Buffer.concat([int(0x40009), int(value.length), Buffer.from(value)]);
const symbol = (value: string): Buffer => Buffer.concat([int(1), text(value)]);
const HEAD = [Buffer.from('X\n'), int(2), int(0x30500), int(0x20300)];

describe('readRObject', () => {
  it('reads a list with names: integers, reals and texts', () => {
    const file = Buffer.concat([
      ...HEAD,
      ...[int(0x200 | 19), int(3)],
      ...[int(13), int(2), int(7), int(-1)],
      ...[int(14), int(1), real(0.5)],
      ...[int(16), int(2), text('a'), int(9), int(-1)],
      ...[int(0x400 | 2), symbol('names'), int(16), int(3), text('x'), text('y'), text('z'), int(254)],
    ]);
    const { values, attributes } = readRObject(file);

    expect(values.map((value) => (value as { values: unknown[] }).values)).toEqual([[7, -1], [0.5], ['a', null]]);
    expect(attributes.names?.values).toEqual(['x', 'y', 'z']);
  });

  it('skips the encoding that format 3 names, and refuses what it does not know', () => {
    const head = [Buffer.from('X\n'), int(3), int(0), int(0), int(5), Buffer.from('UTF-8')];

    expect(readRObject(Buffer.concat([...head, int(13), int(1), int(42)])).values).toEqual([42]);
    expect(() => readRObject(Buffer.concat([...HEAD, int(3)]))).toThrow(/type 3/);
  });
});
