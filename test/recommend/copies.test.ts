import { describe, expect, it } from 'vitest';
import { Random } from '../../src/core/random.js';
import { type Calibration, thresholdOf } from '../../src/indexing/calibration.js';
import { FOLD_RATE } from '../../src/recommend/copies.js';
import { createPlanner } from '../../src/recommend/plan.js';
import type { Hit, PlanRequest } from '../../src/recommend/planner.js';
import type { ReadyRule } from '../../src/recommend/rule-book.js';
import { asking, at, behaviourOf, like, smallIndex } from './small-world.js';

/** Copies are less than one degree apart. */
const calibration: Calibration = {
  curve: { slope: 1, offset: 0 },
  thresholds: [{ rate: FOLD_RATE, similarity: Math.cos(Math.PI / 180), finds: 0.9 }],
  copies: 100,
  others: 100,
  passedOver: 0,
};
/** Thirty pictures, three degrees apart, each there one to four times within half a degree. */
const random = new Random(3);
const pictures = Array.from({ length: 30 }, (_, picture) => ({ picture, copies: 1 + random.int(4) }));
const items = pictures.flatMap(({ picture, copies }) =>
  Array.from({ length: copies }, (_, copy) => ({
    itemId: `p${String(picture).padStart(2, '0')}-${copy}`,
    vector: at(3 * picture + 0.15 * copy),
    attributes: { picture, brand: copy === 0 ? 'first' : 'other' },
  })),
);
const bare = { itemId: 'bare', attributes: { picture: 99 } };
const index = { ...smallIndex([...items, bare]), calibration };
const pin: ReadyRule = {
  ruleId: 'pin',
  collection: 'default',
  action: 'pin',
  name: null,
  itemId: 'p14-0',
  filter: null,
  position: 20,
  by: null,
  from: null,
  until: null,
  createdAt: 0,
  updatedAt: 0,
  concerns: ({ itemId }) => itemId === 'p14-0',
};

const plan = createPlanner({ live: async () => index, behaviour: behaviourOf() });
const ask = (changes: Partial<PlanRequest> = {}) =>
  plan('default', asking({ examples: [like('p00-0')], duplicates: 'collapse', k: 1000, ...changes }));
const pictureOf = ({ attributes }: Hit) => attributes.picture;

describe('hits that are copies', () => {
  it('are folded into the first of them, and listed there, each once', async () => {
    const { hits } = await ask();
    const others = pictures.slice(1);

    expect(hits.slice(-others.length).map(pictureOf)).toEqual(others.map(({ picture }) => picture));
    for (const hit of hits) {
      const same = items.filter(
        ({ itemId, attributes }) => attributes.picture === pictureOf(hit) && itemId !== 'p00-0',
      );
      const named = [hit.itemId, ...(hit.duplicates ?? [])];
      expect(named.sort()).toEqual(same.map(({ itemId }) => itemId).sort());
    }
    expect(hits[0]).not.toHaveProperty('score');
  });

  it('are shown where nobody asks, with nothing folded', async () => {
    const { hits } = await ask({ duplicates: 'show' });

    expect(hits).toEqual((await plan('default', asking({ examples: [like('p00-0')], k: 1000 }))).hits);
    expect(hits).toHaveLength(items.length - 1);
    for (const hit of hits) expect(hit).not.toHaveProperty('duplicates');
  });

  it.each([{}, { diversity: 0.3 }, { caps: [{ field: 'brand', most: 12 }] }])(
    'give the same list page by page, with %j',
    async (wishes) => {
      const whole = (await ask(wishes)).hits.map(({ itemId }) => itemId);
      const paged: string[] = [];
      for (let offset = 0; ; offset += 4) {
        const { hits, more } = await ask({ ...wishes, k: 4, offset });
        paged.push(...hits.map(({ itemId }) => itemId));
        if (!more) break;
      }

      expect(paged).toEqual(whole);
      expect(new Set(paged).size).toBe(paged.length);
    },
  );

  it('leave a page full while there is more to show', async () => {
    expect((await ask({ k: 12 })).hits).toHaveLength(12);
  });

  it('of a pinned item are folded into it, wherever it stands', async () => {
    const pinned = createPlanner({ live: async () => index, behaviour: behaviourOf(), rules: async () => [pin] });
    const { hits } = await pinned('default', asking({ examples: [like('p00-0')], duplicates: 'collapse', k: 1000 }));

    expect(hits[19]?.itemId).toBe('p14-0');
    expect(hits.filter((hit) => pictureOf(hit) === 14)).toHaveLength(1);
    expect(hits[19]?.duplicates).toHaveLength(3);
  });

  it('are never those without a vector', async () => {
    const { hits } = await ask({ examples: [], includeSeen: true });

    expect(hits.map(({ itemId }) => itemId)).toContain('bare');
  });

  it('can not be told where no index was calibrated, or too few pictures were there', async () => {
    for (const known of [undefined, { ...calibration, others: 50, thresholds: [] }]) {
      const unsure = createPlanner({
        live: async () => ({ ...index, calibration: known }),
        behaviour: behaviourOf(),
      });
      const refused = unsure('default', asking({ examples: [like('p00-0')], duplicates: 'collapse' }));
      await expect(refused).rejects.toMatchObject({ code: 'NOT_CALIBRATED' });
    }
    expect(thresholdOf(index, FOLD_RATE).finds).toBe(0.9);
    expect(() => thresholdOf(index, 1e-3)).toThrow('999 are needed');
  });
});
