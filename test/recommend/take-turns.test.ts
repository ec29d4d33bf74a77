import { describe, expect, it } from 'vitest';
import { takeTurns } from '../../src/recommend/take-turns.js';

const side = (weight: number, ranked: readonly string[]) => ({ weight, ranked });
const letters = (name: string, count: number): string[] => Array.from({ length: count }, (_, i) => `${name}${i}`);
const turns = (sides: readonly ReturnType<typeof side>[], count: number): string[] =>
  takeTurns(sides, { keyOf: (one) => one, count }).map(({ one }) => one);

describe('taking turns', () => {
  it('gives seats as Sainte-Laguë does: 53, 24 and 23 votes for seven seats are 3, 2 and 2', () => {
    const sides = [side(53, letters('a', 9)), side(24, letters('b', 9)), side(23, letters('c', 9))];

    expect(turns(sides, 7)).toEqual(['a0', 'b0', 'c0', 'a1', 'a2', 'b1', 'c1']);
  });

  it('gives each side its share of every beginning, and a longer answer begins with the shorter', () => {
    const sides = [side(0.7, letters('a', 100)), side(0.3, letters('b', 100))];
    const whole = turns(sides, 100);

    for (const count of [10, 20, 50, 100]) {
      expect(turns(sides, count)).toEqual(whole.slice(0, count));
      expect(whole.slice(0, count).filter((one) => one.startsWith('a'))).toHaveLength(0.7 * count);
    }
  });

  it('brings each one once: who comes too late brings the next', () => {
    expect(turns([side(1, ['x', 'y', 'z']), side(1, ['x', 'y', 'w'])], 10)).toEqual(['x', 'y', 'z', 'w']);
  });

  it('passes over a side that ran out, and ends with the last', () => {
    expect(turns([side(9, ['x']), side(1, ['y', 'z'])], 10)).toEqual(['x', 'y', 'z']);
    expect(turns([], 10)).toEqual([]);
  });

  it('says whose turn it was', () => {
    expect(takeTurns([side(1, ['x']), side(2, ['y'])], { keyOf: (one) => one, count: 2 })).toEqual([
      { one: 'y', side: 1 },
      { one: 'x', side: 0 },
    ]);
  });
});
