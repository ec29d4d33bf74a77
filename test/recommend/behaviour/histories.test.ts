import { describe, expect, it } from 'vitest';
import { Random } from '../../../src/core/random.js';
import { codeEvents, historyOf, mergeTouches, occurrencesOf } from '../../../src/recommend/behaviour/histories.js';

const WEIGHTS = { view: 1, like: 3, purchase: 5, dislike: -4, impression: 0 };
const event = (person: string, itemId: string, kind: string, time: number) => ({ person, itemId, kind, time });

describe('coding events', () => {
  it('sorts by person and time, numbers by appearance, and leaves out what says nothing', () => {
    const { log, itemIds, people } = codeEvents(
      [
        event('ann', 'lamp', 'view', 20),
        event('bob', 'sofa', 'view', 5),
        event('ann', 'rug', 'impression', 1),
        event('ann', 'sofa', 'purchase', 10),
      ],
      { weights: WEIGHTS },
    );

    expect(people).toEqual(['ann', 'bob']);
    expect(itemIds).toEqual(['lamp', 'sofa']);
    expect([...log.starts]).toEqual([0, 2, 3]);
    expect([...log.itemAt].map((item) => itemIds[item])).toEqual(['sofa', 'lamp', 'sofa']);
    expect([...log.weightAt]).toEqual([5, 1, 1]);
  });

  it('keeps the order given where times are equal, and draws it where chance is handed in', () => {
    const events = Array.from({ length: 20 }, (_, i) => event('ann', String(i), 'view', 0));
    const inOrder = codeEvents(events, { weights: WEIGHTS });
    const drawn = codeEvents(events, { weights: WEIGHTS, ties: new Random(1) });

    expect([...inOrder.log.itemAt]).toEqual(Array.from({ length: 20 }, (_, i) => i));
    expect([...drawn.log.itemAt]).not.toEqual([...inOrder.log.itemAt]);
    expect([...drawn.log.itemAt].toSorted((a, b) => a - b)).toEqual([...inOrder.log.itemAt]);
  });

  it('gives items of the catalogue numbers though nobody touched them', () => {
    const { log, itemIds } = codeEvents([event('ann', 'b', 'view', 0)], { weights: WEIGHTS, itemIds: ['a', 'b', 'c'] });

    expect(itemIds).toEqual(['a', 'b', 'c']);
    expect(log.items).toBe(3);
    expect([...log.itemAt]).toEqual([1]);
  });
});

describe('merging touches', () => {
  const merged = (...kinds: readonly [itemId: string, kind: string][]) => {
    const events = kinds.map(([itemId, kind], time) => event('ann', itemId, kind, time));
    const { log, itemIds } = codeEvents(events, { weights: WEIGHTS });
    const { items, weights } = historyOf(mergeTouches(log), 0);
    return [...items].map((item, at) => [itemIds[item], weights[at]]);
  };

  it('has each item once, at its newest event, as strong as its strongest', () => {
    expect(merged(['a', 'purchase'], ['b', 'view'], ['a', 'view'])).toEqual([
      ['b', 1],
      ['a', 5],
    ]);
  });

  it('holds a dislike whatever was looked at before or after, until a like', () => {
    expect(merged(['a', 'purchase'], ['a', 'dislike'])).toEqual([['a', -4]]);
    expect(merged(['a', 'dislike'], ['a', 'view'])).toEqual([['a', -4]]);
    expect(merged(['a', 'dislike'], ['a', 'like'])).toEqual([['a', 3]]);
  });

  it('says nothing of what it is not let see', () => {
    const { log } = codeEvents([event('ann', 'a', 'view', 0), event('ann', 'a', 'dislike', 1)], { weights: WEIGHTS });

    expect([...mergeTouches(log, (at) => at < 1).weightAt]).toEqual([1]);
  });
});

it('finds who touched an item, dislikes left out', () => {
  const { log } = codeEvents(
    [event('ann', 'a', 'view', 0), event('bob', 'a', 'dislike', 0), event('cid', 'a', 'like', 0)],
    { weights: WEIGHTS },
  );

  expect([...occurrencesOf(log).personAt]).toEqual([0, 2]);
});
