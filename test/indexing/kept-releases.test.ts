import { describe, expect, it } from 'vitest';
import type { Release } from '../../src/catalogue/catalogue.js';
import { keptReleases, previousRelease } from '../../src/indexing/kept-releases.js';

const HOUR = 3_600_000;
const NOW = 1_000 * HOUR;

/** Hours ago that it was made and activated; `active` for the one that is served. */
const release = (releaseId: string, made: number, activated?: number, active = false): Release => ({
  releaseId,
  collection: 'c',
  indexId: `index-${releaseId}`,
  modelId: 'm',
  behaviourId: null,
  origin: 'reindex',
  active,
  createdAt: NOW - made * HOUR,
  activatedAt: activated === undefined ? null : NOW - activated * HOUR,
});
const kept = (releases: readonly Release[], hours: number): string[] =>
  [...keptReleases(releases, NOW - hours * HOUR)].toSorted();

describe('the releases of a collection that are kept', () => {
  const history = [
    release('first', 900, 900),
    release('second', 700, 700),
    release('third', 500, 500),
    release('never-served', 400),
    release('now', 300, 300, true),
  ];

  it('are the active one and the one before it, however old they are', () => {
    expect(kept(history, 0)).toEqual(['now', 'third']);
    expect(kept(history, 168)).toEqual(['now', 'third']);
  });

  it('are all that were made or activated within the window, its first moment included', () => {
    expect(kept(history, 399.9)).toEqual(['now', 'third']);
    expect(kept(history, 400)).toEqual(['never-served', 'now', 'third']);
    expect(kept(history, 700)).toEqual(['never-served', 'now', 'second', 'third']);
    expect(kept([...history, release('gone-back-to', 950, 2)], 168)).toEqual(['gone-back-to', 'now']);
  });

  it('are those one would go back to after one has gone back', () => {
    const back = [release('first', 900, 10, true), release('second', 700, 700), release('third', 500, 500)];

    expect(previousRelease(back)?.releaseId).toBe('third');
    expect(kept(back, 0)).toEqual(['first', 'third']);
  });

  it('are the last active one where none is active, and none where there are none', () => {
    expect(kept([release('a', 900, 900), release('b', 800)], 0)).toEqual(['a']);
    expect(kept([release('b', 800)], 0)).toEqual([]);
    expect(kept([], 168)).toEqual([]);
    expect(previousRelease([release('now', 1, 1, true)])).toBeUndefined();
  });
});
