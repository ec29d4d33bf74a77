import { describe, expect, it } from 'vitest';
import type { StoredEvent } from '../../src/catalogue/catalogue.js';
import { rememberPerEvents } from '../../src/recommend/per-events.js';

describe("what is made of somebody's events", () => {
  it('is made once for the same array while all else is the same, and again where either is another', () => {
    const remembered = rememberPerEvents<number>();
    const events: StoredEvent[] = [];
    let made = 0;
    const ask = (of: readonly unknown[], asked: readonly StoredEvent[] = events) => remembered(asked, of, () => ++made);

    expect([ask(['index', 1]), ask(['index', 1]), ask(['index', 2]), ask(['index', 1])]).toEqual([1, 1, 2, 3]);
    expect([ask(['index', 1], []), ask(['index', 1])]).toEqual([4, 3]);
  });
});
