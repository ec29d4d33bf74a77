import { describe, expect, it } from 'vitest';
import { createWarp } from '../../src/augment/warp.js';
import { expectClose } from './expect-close.js';
import { planesOf } from './sample-of.js';

const shape = { channels: 2, height: 3, width: 4 };
const indexes = Float32Array.from({ length: 12 }, (_, i) => i);
const columns = indexes.map((i) => i % 4);
const rows = indexes.map((i) => Math.floor(i / 4));

describe('createWarp', () => {
  it('gives the picture back where every pixel is taken from its own place', () => {
    const planes = planesOf(24);

    createWarp(shape)(planes, { x: columns, y: rows });

    expectClose(planes, planesOf(24));
  });

  it('mixes the four pixels round a place by how near they are, in each channel', () => {
    const planes = planesOf(24);
    const at = (c: number, y: number, x: number) => planesOf(24)[(c * 3 + y) * 4 + x]!;
    const [x, y] = [new Float32Array(12).fill(1.25), new Float32Array(12).fill(0.5)];

    createWarp(shape)(planes, { x, y });

    for (const c of [0, 1]) {
      const mixed = 0.5 * (0.75 * at(c, 0, 1) + 0.25 * at(c, 0, 2)) + 0.5 * (0.75 * at(c, 1, 1) + 0.25 * at(c, 1, 2));
      expectClose(planes.subarray(c * 12, c * 12 + 12), new Float32Array(12).fill(mixed));
    }
  });

  it('goes on with the edge beyond it', () => {
    const planes = planesOf(24);
    const first = planesOf(24);

    createWarp(shape)(planes, { x: columns.map((x) => 100 * (x - 1.5)), y: rows.map((y) => 100 * (y - 1)) });

    expect([planes[0], planes[3], planes[8], planes[11]]).toEqual([first[0], first[3], first[8], first[11]]);
  });
});
