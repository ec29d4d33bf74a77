import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fromHash, type Route, toHash } from '../../src/web/route-hash.js';

const name = fc.string({ minLength: 1, maxLength: 12, unit: 'grapheme' });
const route: fc.Arbitrary<Route> = fc.oneof(
  fc.record({ view: fc.constant('catalogue' as const), collection: name, words: fc.string(), facet: fc.string() }),
  fc.record({ view: fc.constant('item' as const), collection: name, itemId: name }),
  fc.record({ view: fc.constant('picture' as const), collection: name, picture: name, part: fc.string() }),
  fc.record({
    view: fc.constant('taste' as const),
    collection: name,
    likes: fc.array(name, { maxLength: 4 }),
    dislikes: fc.array(name, { maxLength: 4 }),
  }),
);

describe('an address of the page', () => {
  it('leads back to the place it was made for, whatever ids look like', () => {
    fc.assert(
      fc.property(route, (place) => {
        expect(fromHash(toHash(place))).toEqual(place);
      }),
      { seed: 7, numRuns: 500 },
    );
  });

  it('is the default catalogue where it says nothing, or nothing that can be read', () => {
    const home = { view: 'catalogue', collection: 'default', words: '', facet: '' };

    for (const hash of ['', '#', '#/', '#/default', '#/default/item', '#/default/item/'])
      expect(fromHash(hash)).toEqual(home);
    expect(fromHash('#/%E0%A4%A/item/%')).toEqual({ view: 'item', collection: '%E0%A4%A', itemId: '%' });
  });
});
