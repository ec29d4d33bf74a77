import type { Attributes, Json } from '../catalogue/catalogue.js';
import type { Filter, Scalar } from './filter.js';
import { readPath } from './read-path.js';

type Test = (attributes: Attributes) => boolean;
type ValueTest = (value: Json) => boolean;

/** A UTF-16 unit moved to where UTF-8 sorts it: surrogates stand behind U+FFFF. */
const byteRank = (unit: number): number => (unit >= 0xd800 && unit < 0xe000 ? unit + 0x2800 : unit);

/** Below 0, 0 or above 0, as the texts' UTF-8 bytes compare; without making those bytes, since this runs per item. */
export function compareText(a: string, b: string): number {
  const shorter = Math.min(a.length, b.length);
  for (let i = 0; i < shorter; i++) {
    const left = a.charCodeAt(i);
    const right = b.charCodeAt(i);
    if (left !== right) return byteRank(left) - byteRank(right);
  }
  return a.length - b.length;
}

/** Numbers with numbers and texts with texts; NaN, which fits no bound, across types. */
function compare(value: Json, bound: string | number): number {
  if (typeof value === 'number' && typeof bound === 'number') return value < bound ? -1 : value > bound ? 1 : 0;
  if (typeof value === 'string' && typeof bound === 'string') return compareText(value, bound);
  return Number.NaN;
}

const BOUNDS: Readonly<Record<string, (value: Json, bound: string | number) => boolean>> = {
  gt: (value, bound) => compare(value, bound) > 0,
  gte: (value, bound) => compare(value, bound) >= 0,
  lt: (value, bound) => compare(value, bound) < 0,
  lte: (value, bound) => compare(value, bound) <= 0,
};

/** A list attribute passes where one of its elements does; nested lists and objects equal nothing. */
const anyElement =
  (passes: ValueTest): ValueTest =>
  (value) =>
    Array.isArray(value) ? value.some(passes) : passes(value);

/** One field with its condition. All operators of one condition must hold for the same element of a list. */
function compileField(field: string, condition: unknown): Test {
  const read = readPath(field);
  if (condition === null || typeof condition !== 'object') {
    const passes = anyElement((value) => value === condition);
    return (attributes) => {
      const value = read(attributes);
      return value !== undefined && passes(value);
    };
  }
  const tests: ValueTest[] = [];
  let wanted = true;
  for (const [operator, operand] of Object.entries(condition as Record<string, unknown>)) {
    if (operator === 'exists') wanted = operand === true;
    else if (operator === 'in') {
      const values = new Set<Json>(operand as Scalar[]);
      tests.push((value) => values.has(value));
    } else {
      const holds = BOUNDS[operator];
      if (holds) tests.push((value) => holds(value, operand as string | number));
    }
  }
  const passes = anyElement((value) => tests.every((test) => test(value)));
  return (attributes) => {
    const value = read(attributes);
    if (value === undefined) return !wanted && tests.length === 0;
    return wanted && (tests.length === 0 || passes(value));
  };
}

/**
 * A filter that `FilterSchema` has passed, as a function of an item's attributes. What its conditions mean:
 *
 * - `{field: x}`: the attribute is x (same type, no conversion), or is a list that contains x.
 * - `in`: the same for one of the values. `gt`, `gte`, `lt`, `lte`: numbers with numbers, texts with texts by their
 *   UTF-8 bytes; across types nothing holds. A list passes where one element passes.
 * - `{field: null}`: the attribute is there and is null (or a list with null in it). An attribute that is missing is
 *   not null: write `{exists: false}` for that. `{exists: true}` holds for null too.
 * - `not` turns round the answer, so `{not: {colour: "red"}}` includes items without a colour.
 */
export function compileFilter(filter: Filter): Test {
  const tests = Object.entries(filter as Record<string, unknown>).map(([key, value]): Test => {
    if (key === 'not') {
      const inner = compileFilter(value as Filter);
      return (attributes) => !inner(attributes);
    }
    if (key !== 'and' && key !== 'or') return compileField(key, value);
    const parts = (value as Filter[]).map(compileFilter);
    return key === 'and'
      ? (attributes) => parts.every((part) => part(attributes))
      : (attributes) => parts.some((part) => part(attributes));
  });
  return tests.length === 1 ? tests[0]! : (attributes) => tests.every((test) => test(attributes));
}
