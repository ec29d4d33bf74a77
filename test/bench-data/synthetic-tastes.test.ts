import { describe, expect, it } from 'vitest';
import { syntheticTastes } from '../../bench/data/synthetic-tastes.js';
import { nameWords } from '../../bench/data/worded-pictures.js';
import { Random } from '../../src/core/random.js';

const items = Array.from({ length: 120 }, (_, i) => ({
  itemId: `item-${i}`,
  words: [`tens ${Math.floor(i / 10)}`, `ones ${i % 10}`, `only ${i}`],
}));
const wordsOf = new Map(items.map(({ itemId, words }) => [itemId, words]));
const made = syntheticTastes(items, 400, new Random(1));

describe('made-up tastes', () => {
  it('are words that several items have, one to three a person', () => {
    for (const { tastes } of made.people) {
      expect(tastes.length).toBeGreaterThanOrEqual(1);
      expect(tastes.length).toBeLessThanOrEqual(3);
      expect(tastes.every((word) => !word.startsWith('only'))).toBe(true);
    }
    expect(new Set(made.people.map(({ tastes }) => tastes.length)).size).toBe(3);
  });

  it('bring most of what somebody touches, and not all; nothing twice', () => {
    const tastesOf = new Map(made.people.map(({ person, tastes }) => [person, tastes]));
    const fitting = made.events.filter(({ person, itemId }) =>
      wordsOf.get(itemId)!.some((word) => tastesOf.get(person)!.includes(word)),
    );

    expect(fitting.length / made.events.length).toBeGreaterThan(0.7);
    expect(fitting.length / made.events.length).toBeLessThan(0.95);
    expect(new Set(made.events.map(({ person, itemId }) => `${person} ${itemId}`)).size).toBe(made.events.length);
  });

  it('make some items more popular than others, by chance alone', () => {
    const counts = items.map(({ itemId }) => made.events.filter((event) => event.itemId === itemId).length);

    expect(Math.max(...counts)).toBeGreaterThan(3 * (made.events.length / items.length));
  });

  it('follow the seed', () => {
    expect(syntheticTastes(items, 400, new Random(1))).toEqual(made);
    expect(syntheticTastes(items, 400, new Random(2))).not.toEqual(made);
  });

  it('know an item by the words of its name that say something', () => {
    expect(nameWords('Flag: Côte d’Ivoire')).toEqual(['flag', 'côte', 'ivoire']);
    expect(nameWords('face with tears of joy 2')).toEqual(['face', 'tears']);
  });
});
