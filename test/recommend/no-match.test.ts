import { describe, expect, it } from 'vitest';
import { type Calibration, confidence } from '../../src/indexing/calibration.js';
import type { LiveIndex } from '../../src/indexing/live-index.js';
import { createPlanner } from '../../src/recommend/plan.js';
import type { PlanRequest } from '../../src/recommend/planner.js';
import { asking, at, behaviourOf, like, smallIndex, type Told } from './small-world.js';

/** Even odds at a similarity of 0.99. */
const calibration: Calibration = {
  curve: { slope: 2, offset: 2 * Math.log(0.01) },
  thresholds: [],
  copies: 100,
  others: 100,
  passedOver: 0,
};
const items = [
  { itemId: 'a', vector: at(0), attributes: { kind: 'x' } },
  { itemId: 'a again', vector: at(1), attributes: { kind: 'x' } },
  { itemId: 'b', vector: at(30), attributes: { kind: 'y' } },
  { itemId: 'c', vector: at(90), attributes: { kind: 'y' } },
];
const known: LiveIndex = { ...smallIndex(items), calibration };
const told: readonly Told[] = [
  ['ann', 'like', 'a'],
  ['bob', 'click', 'c'],
];
const ask = (changes: Partial<PlanRequest>, index: LiveIndex = known) =>
  createPlanner({ live: async () => index, behaviour: behaviourOf(told) })('default', asking(changes));

describe('confidence', () => {
  it('stands beside each similarity, where the index is calibrated', async () => {
    const { hits } = await ask({ examples: [like('a')] });

    expect(hits.map((hit) => hit.itemId)).toEqual(['a again', 'b', 'c']);
    for (const hit of hits) expect(hit.confidence).toBe(confidence(calibration, hit.similarity!));
    expect((await ask({ examples: [like('a')] }, smallIndex(items))).hits[0]).not.toHaveProperty('confidence');
  });

  it('has none where similarity says nothing', async () => {
    const { hits, basis } = await ask({ includeSeen: true });

    expect(basis).toBe('everybody');
    expect(hits.length).toBe(4);
    for (const hit of hits) expect(hit).not.toHaveProperty('confidence');
  });

  it('of at least so much keeps those hits, and no others', async () => {
    const all = (await ask({ examples: [like('a')] })).hits;
    for (const minConfidence of [0, 0.001, 0.5, 0.99, 1]) {
      const { hits } = await ask({ examples: [like('a')], minConfidence });

      expect(hits).toEqual(all.filter((hit) => hit.confidence! >= minConfidence));
    }
    expect((await ask({ examples: [like('a')], minConfidence: 0.5 })).hits.map(({ itemId }) => itemId)).toEqual([
      'a again',
    ]);
  });

  it('and a similarity of at least so much hold together', async () => {
    const least = { examples: [like('a')], minConfidence: 0.001, minSimilarity: 0.9999 };

    expect((await ask(least)).hits).toEqual([]);
  });

  it('can not be asked for where it is not known', async () => {
    await expect(ask({ examples: [like('a')], minConfidence: 0.5 }, smallIndex(items))).rejects.toMatchObject({
      code: 'NOT_CALIBRATED',
      status: 409,
    });
  });
});

describe('an answer without hits', () => {
  it('says that no match is good enough, and how good the best is', async () => {
    const { hits, noMatch, more } = await ask({ examples: [like('c')], minConfidence: 0.5 });

    expect({ hits, more }).toEqual({ hits: [], more: false });
    expect(noMatch).toMatchObject({ code: 'NO_GOOD_MATCH' });
    expect(noMatch?.detail).toContain('0.5000'); // the cosine of 60 degrees
  });

  it('says so for a least similarity as well, calibrated or not', async () => {
    const { noMatch } = await ask({ examples: [like('c')], minSimilarity: 0.9 }, smallIndex(items));

    expect(noMatch).toMatchObject({ code: 'NO_GOOD_MATCH' });
  });

  it('says that nothing is left where a filter hides all', async () => {
    const none = { filter: { kind: 'z' } };

    expect((await ask({ examples: [like('a')], ...none })).noMatch).toMatchObject({ code: 'NOTHING_LEFT' });
    expect((await ask({ examples: [like('a')], ...none, minConfidence: 0.5 })).noMatch).toMatchObject({
      code: 'NOTHING_LEFT',
    });
    expect((await ask({}, smallIndex([]))).noMatch).toMatchObject({ code: 'NOTHING_LEFT' });
  });

  it('is told from the end of the pages, which has no reason', async () => {
    expect(await ask({ examples: [like('a')], offset: 3 })).not.toHaveProperty('noMatch');
    expect(await ask({ examples: [like('a')] })).not.toHaveProperty('noMatch');
  });
});

describe('what a recommendation goes by', () => {
  it('is the person where something is known of them, else everybody', async () => {
    expect(await ask({ who: { userId: 'ann' } })).toMatchObject({ strategy: 'user', basis: 'person' });
    expect(await ask({ who: { userId: 'nobody' } })).toMatchObject({ strategy: 'popular', basis: 'everybody' });
    expect(await ask({ who: { userId: 'nobody' }, context: 'a' })).toMatchObject({ basis: 'examples' });
  });

  it('is nothing where only good matches were asked for and nothing is known', async () => {
    const { hits, basis, noMatch } = await ask({ who: { userId: 'nobody' }, minConfidence: 0.5 });

    expect({ hits, basis }).toEqual({ hits: [], basis: 'nothing' });
    expect(noMatch).toMatchObject({ code: 'NOTHING_KNOWN' });
  });

  it('is what they liked, as far as it goes, where only good matches were asked for', async () => {
    const { hits, basis } = await ask({ who: { userId: 'ann' }, minConfidence: 0.5 });

    expect(hits.map(({ itemId }) => itemId)).toEqual(['a again']);
    expect(basis).toBe('person');
  });
});
