import { describe, expect, it } from 'vitest';
import { facetsOf, fitting, percent, sameness, searchText, titleOf, valueText } from '../../src/web/item-text.js';

describe('the words of an item', () => {
  it('call it by its name, its title, or else its id', () => {
    expect(titleOf({ itemId: 'a', attributes: { title: 'Boot', name: ' ' } })).toBe('Boot');
    expect(titleOf({ itemId: 'a', attributes: { name: 7 } })).toBe('a');
    expect(titleOf({ itemId: 'a' })).toBe('a');
  });

  it('are searched however deep they stand', () => {
    const text = searchText({ itemId: 'ID-1', attributes: { tags: ['Red', { of: 'Wool' }], price: 30, sale: true } });

    for (const word of ['id-1', 'red', 'wool', '30']) expect(text).toContain(word);
  });

  it('fit best where the name begins with them, and not at all where one is missing', () => {
    const entry = (title: string, text: string) => ({ title, text: `${title} ${text}`.toLowerCase() });

    expect(fitting(entry('Cat face', ''), 'cat')).toBe(0);
    expect(fitting(entry('Big cat', ''), 'CAT ')).toBe(1);
    expect(fitting(entry('Bobcat', ''), 'cat')).toBe(2);
    expect(fitting(entry('Big cat', ''), 'cat big')).toBe(3);
    expect(fitting(entry('Tiger', 'cat'), 'cat')).toBe(4);
    expect(fitting(entry('Cat face', ''), 'cat dog')).toBeUndefined();
  });

  it('write figures as people read them', () => {
    expect([percent(0.8349), percent(1), percent(-0.12)]).toEqual(['83%', '100%', '−12%']);
    expect([0, 0.004, 0.005, 0.83, 0.994, 0.995, 1].map(sameness)).toEqual([
      'another picture',
      'another picture',
      'same picture: 1%',
      'same picture: 83%',
      'same picture: 99%',
      'the same picture',
      'the same picture',
    ]);
    expect([valueText(['a', 1]), valueText({ a: 1 }), valueText(null)]).toEqual(['a, 1', '{"a":1}', 'null']);
  });
});

describe('the groups of a catalogue', () => {
  const items = (count: number, attributes: (i: number) => Record<string, unknown>) =>
    Array.from({ length: count }, (_, i) => ({ attributes: attributes(i) }));

  it('come from the first attribute with a handful of values', () => {
    const found = facetsOf(items(100, (i) => ({ name: `n${i % 3}`, sku: `s${i}`, group: `g${i % 4}`, kind: 'x' })));

    expect(found).toEqual({ field: 'group', values: ['g0', 'g1', 'g2', 'g3'] });
  });

  it('are not made of what few items have, of one value, or of numbers', () => {
    expect(
      facetsOf(items(100, (i) => ({ ...(i < 10 ? { rare: `r${i % 2}` } : {}), one: 'x', size: i % 3 }))),
    ).toBeUndefined();
    expect(facetsOf([])).toBeUndefined();
  });
});
