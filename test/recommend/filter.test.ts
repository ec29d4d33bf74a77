import { describe, expect, it } from 'vitest';
import type { Attributes, Json } from '../../src/catalogue/catalogue.js';
import { Random } from '../../src/core/random.js';
import { byteOrder } from '../../src/core/vectors.js';
import { compareText, compileFilter } from '../../src/recommend/compile-filter.js';
import { type Filter, FilterSchema, MAX_FILTER_NODES, MAX_IN_VALUES } from '../../src/recommend/filter.js';

const passes = (filter: unknown, attributes: unknown): boolean =>
  compileFilter(FilterSchema.parse(filter))(attributes as Attributes);

const issues = (filter: unknown): { path: string; message: string }[] => {
  const parsed = FilterSchema.safeParse(filter);
  return parsed.success ? [] : parsed.error.issues.map(({ path, message }) => ({ path: path.join('.'), message }));
};

describe('a filter', () => {
  const shoe = { name: 'Boot', price: 80, sizes: [41, 42], maker: { city: 'Köln' }, 'a.b': 1, sale: false, note: null };

  it.each([
    ['equals a value of the same type', { price: 80 }, true],
    ['does not equal the same number written as text', { price: '80' }, false],
    ['finds a value in a list attribute', { sizes: 42 }, true],
    ['does not find what the list has not', { sizes: 43 }, false],
    ['takes one of several values', { name: { in: ['Shoe', 'Boot'] } }, true],
    ['takes one of several values in a list attribute', { sizes: { in: [1, 41] } }, true],
    ['takes nothing of an empty list of values', { name: { in: [] } }, false],
    ['compares numbers', { price: { gt: 79, lte: 80 } }, true],
    ['leaves out the bound itself for gt', { price: { gt: 80 } }, false],
    ['compares texts', { name: { gte: 'Bo', lt: 'Bp' } }, true],
    ['never compares a number with a text', { price: { gt: '0' } }, false],
    ['never compares a text with a number', { name: { lt: 5 } }, false],
    ['never orders true and false', { sale: { lte: 1 } }, false],
    ['wants all bounds to hold for one element of a list', { sizes: { gt: 41, lt: 42 } }, false],
    ['takes a list where one element is within bounds', { sizes: { gt: 41 } }, true],
    ['reads a dotted path', { 'maker.city': 'Köln' }, true],
    ['reads a key that is spelt with a dot', { 'a.b': 1 }, true],
    ['finds nothing below a text', { 'name.length': 4 }, false],
    ['takes false as a value', { sale: false }, true],
    ['takes null where the attribute is null', { note: null }, true],
    ['does not take a missing attribute for null', { gone: null }, false],
    ['says that a null attribute exists', { note: { exists: true } }, true],
    ['says that a missing attribute does not', { gone: { exists: false } }, true],
    ['knows no attributes that objects have by nature', { constructor: { exists: true } }, false],
    ['knows none on a path either', { 'maker.toString': { exists: true } }, false],
    ['wants all entries of one object', { price: 80, name: 'Shoe' }, false],
    ['joins with and', { and: [{ price: 80 }, { sizes: 41 }] }, true],
    ['joins with or', { or: [{ price: 1 }, { sizes: 41 }] }, true],
    ['takes nothing of an empty or', { or: [] }, false],
    ['takes everything of an empty and', { and: [] }, true],
    ['takes everything where nothing is asked', {}, true],
    ['turns round with not', { not: { price: 80 } }, false],
    ['includes items without the attribute in not', { not: { gone: 1 } }, true],
  ])('%s', (_title, filter, expected) => {
    expect(passes(filter, shoe)).toBe(expected);
  });

  it('reports every mistake at its own path', () => {
    expect(
      issues({ price: { above: 3 }, and: 'x', not: [], or: [{ size: [1] }], c: {}, d: { in: 3 }, e: { exists: 1 } }),
    ).toEqual([
      { path: 'price.above', message: 'There is no operator "above"; there are in, gt, gte, lt, lte, exists.' },
      { path: 'and', message: '"and" takes a list of filters.' },
      { path: 'not', message: 'A filter is an object such as {"field": "value"}.' },
      { path: 'or.0.size', message: 'Compare with one value, or write {"in": […]} for a list of them.' },
      { path: 'c', message: 'A condition needs an operator: in, gt, gte, lt, lte, exists.' },
      { path: 'd.in', message: '"in" takes a list of values.' },
      { path: 'e.exists', message: '"exists" takes true or false.' },
    ]);
    expect(issues([])).toHaveLength(1);
    expect(issues('red')).toHaveLength(1);
    expect(issues({ a: { in: [{}] } })).toHaveLength(1);
    expect(issues({ a: { gt: null } })).toHaveLength(1);
  });

  it('takes as many nodes as it says and not one more', () => {
    const leaves = (count: number) => ({ and: Array.from({ length: count }, (_, i) => ({ price: i })) });

    expect(issues(leaves(MAX_FILTER_NODES - 1))).toEqual([]);
    expect(issues(leaves(MAX_FILTER_NODES))).toHaveLength(1);
    expect(issues({ and: Array.from({ length: 100_000 }, () => ({})) })).toHaveLength(1);
    expect(issues({ a: { in: Array.from({ length: MAX_IN_VALUES + 1 }, (_, i) => i) } })).toHaveLength(1);
  });

  it('refuses a filter that is nested a hundred thousand deep, with one issue and no overflow', () => {
    let deep: object = { price: 1 };
    for (let i = 0; i < 100_000; i++) deep = { not: deep };

    expect(issues(deep)).toHaveLength(1);
  });
});

describe('the order of texts', () => {
  it('is that of their bytes, also beyond the basic plane', () => {
    const random = new Random(5);
    const letters = ['a', 'b', '\uffff', '\ue000', '😀', '😁', 'é', ''];
    const text = () => Array.from({ length: random.int(4) }, () => letters[random.int(letters.length)]).join('');
    for (let i = 0; i < 2_000; i++) {
      const [a, b] = [text(), text()];
      expect(Math.sign(compareText(a, b))).toBe(Math.sign(byteOrder(a, b)));
    }
  });
});

/** What the contract says, typed out over plain values with no compilation. Slow, and there to be believed. */
function naive(filter: Filter, attributes: Attributes): boolean {
  return Object.entries(filter as Record<string, unknown>).every(([key, right]) => {
    if (key === 'and') return (right as Filter[]).every((part) => naive(part, attributes));
    if (key === 'or') return (right as Filter[]).some((part) => naive(part, attributes));
    if (key === 'not') return !naive(right as Filter, attributes);
    const [head = '', tail] = key.split('.');
    let value = new Map(Object.entries(attributes)).get(key);
    if (value === undefined && tail !== undefined) {
      const inner = attributes[head];
      if (inner !== null && typeof inner === 'object' && !Array.isArray(inner))
        value = new Map(Object.entries(inner as Attributes)).get(tail);
    }
    const elements: readonly Json[] = value === undefined ? [] : Array.isArray(value) ? value : [value as Json];
    if (right === null || typeof right !== 'object') return elements.some((element) => element === right);
    const { exists, ...rest } = right as Record<string, Json>;
    if (exists === false && value !== undefined) return false;
    if (exists === true && value === undefined) return false;
    if (Object.keys(rest).length === 0) return true;
    return elements.some((element) =>
      Object.entries(rest).every(([operator, operand]) => {
        if (operator === 'in') return (operand as Json[]).includes(element);
        if (typeof element !== typeof operand || !['number', 'string'].includes(typeof element)) return false;
        const [x, y] = [element as number, operand as number];
        return operator === 'gt' ? x > y : operator === 'gte' ? x >= y : operator === 'lt' ? x < y : x <= y;
      }),
    );
  });
}

describe('a compiled filter', () => {
  const random = new Random(11);
  const pick = <T>(choices: readonly T[]): T => choices[random.int(choices.length)] as T;
  const scalar = (): Json => pick([0, 1, 2, 'a', 'b', '1', true, false, null]);
  const field = () => pick(['p', 'q', 'r', 'r.s', 'r.t', 'toString']);
  const value = (): Json => (random.chance(0.3) ? [scalar(), scalar()] : scalar());
  const attributes = (): Attributes => {
    const made: Record<string, Json> = {};
    for (const name of ['p', 'q', 'r.s']) if (random.chance(0.6)) made[name] = value();
    if (random.chance(0.6)) made.r = random.chance(0.7) ? { s: value(), t: value() } : value();
    return made;
  };
  const condition = (): Json => {
    if (random.chance(0.3)) return scalar();
    const made: Record<string, Json> = {};
    if (random.chance(0.3)) made.in = [scalar(), scalar(), scalar()];
    if (random.chance(0.2)) made.exists = random.chance(0.5);
    for (const bound of ['gt', 'gte', 'lt', 'lte']) if (random.chance(0.2)) made[bound] = pick([0, 1, 2, 'a', 'b']);
    return Object.keys(made).length > 0 ? made : { exists: true };
  };
  const filter = (depth: number): Filter => {
    if (depth === 0 || random.chance(0.4)) return { [field()]: condition() } as Filter;
    const inner = () => filter(depth - 1);
    return pick([
      () => ({ and: [inner(), inner()] }),
      () => ({ or: [inner(), inner()] }),
      () => ({ not: inner() }),
      () => ({ ...inner(), ...inner() }) as Filter,
    ])();
  };

  it('agrees with its slow twin on thousands of random filters and items', () => {
    let held = 0;
    for (let round = 0; round < 3_000; round++) {
      const expression = FilterSchema.parse(filter(3));
      const compiled = compileFilter(expression);
      for (let i = 0; i < 5; i++) {
        const item = attributes();
        const answer = compiled(item);
        if (answer !== naive(expression, item)) expect({ expression, item, answer }).toBe('what the twin says');
        if (answer) held += 1;
      }
    }
    expect(held).toBeGreaterThan(3_000);
    expect(held).toBeLessThan(12_000);
  });
});
