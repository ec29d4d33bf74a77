import { z } from 'zod';

export { compileFilter } from './compile-filter.js';

/** What an attribute can be compared with. */
export type Scalar = string | number | boolean | null;
type Bound = string | number;

/**
 * A condition on attributes, as the contract describes it. Several entries in one object must all hold; an empty object
 * holds always. `compileFilter` says what each condition means.
 */
export type Filter =
  | { readonly and: readonly Filter[] }
  | { readonly or: readonly Filter[] }
  | { readonly not: Filter }
  | { readonly [field: string]: Condition };

export type Condition =
  | Scalar
  | { readonly in: readonly Scalar[] }
  | { readonly gt?: Bound; readonly gte?: Bound; readonly lt?: Bound; readonly lte?: Bound }
  | { readonly exists: boolean };

/** Nodes a filter may have: each field with its condition, and each `and`, `or` and `not`, is one. */
export const MAX_FILTER_NODES = 64;
/** Values that one `in` may list. */
export const MAX_IN_VALUES = 1_000;

const BOUNDS = ['gt', 'gte', 'lt', 'lte'];
const OPERATORS = ['in', ...BOUNDS, 'exists'];
type Report = (path: readonly PropertyKey[], message: string) => undefined;

const isObject = (value: unknown): value is Record<string, unknown> =>
  value !== null && typeof value === 'object' && !Array.isArray(value);
const isScalar = (value: unknown): boolean => value === null || ['string', 'number', 'boolean'].includes(typeof value);

/** Reports what is wrong with the right-hand side of one operator. */
function checkOperator(operator: string, value: unknown, path: readonly PropertyKey[], report: Report): void {
  if (operator === 'in') {
    if (!Array.isArray(value)) report(path, '"in" takes a list of values.');
    else if (value.length > MAX_IN_VALUES)
      report(path, `"in" takes at most ${MAX_IN_VALUES} values, not ${value.length}.`);
    else if (!value.every(isScalar)) report(path, '"in" takes strings, numbers, true, false and null only.');
  } else if (operator === 'exists') {
    if (typeof value !== 'boolean') report(path, '"exists" takes true or false.');
  } else if (BOUNDS.includes(operator)) {
    if (typeof value !== 'number' && typeof value !== 'string')
      report(path, `"${operator}" takes a number or a string.`);
  } else report(path, `There is no operator "${operator}"; there are ${OPERATORS.join(', ')}.`);
}

function checkCondition(condition: unknown, path: readonly PropertyKey[], report: Report): undefined {
  if (isScalar(condition)) return;
  if (!isObject(condition)) return report(path, 'Compare with one value, or write {"in": […]} for a list of them.');
  const operators = Object.entries(condition);
  if (operators.length === 0) return report(path, `A condition needs an operator: ${OPERATORS.join(', ')}.`);
  for (const [operator, value] of operators) checkOperator(operator, value, [...path, operator], report);
}

/** Walks a filter, and stops at the node that is one too many, so that depth and size are bounded before anything else. */
function check(filter: unknown, report: Report): void {
  let nodes = 0;
  const spend = (path: readonly PropertyKey[]): boolean => {
    nodes += 1;
    if (nodes === MAX_FILTER_NODES + 1) report(path, `A filter has at most ${MAX_FILTER_NODES} nodes.`);
    return nodes <= MAX_FILTER_NODES;
  };
  const walk = (part: unknown, path: readonly PropertyKey[]): undefined => {
    if (!isObject(part)) return report(path, 'A filter is an object such as {"field": "value"}.');
    const entries = Object.entries(part);
    if (entries.length === 0) spend(path);
    for (const [key, value] of entries) {
      const here = [...path, key];
      if (!spend(here)) return;
      if (key === 'not') walk(value, here);
      else if (key !== 'and' && key !== 'or') checkCondition(value, here, report);
      else if (!Array.isArray(value)) report(here, `"${key}" takes a list of filters.`);
      else for (let i = 0; i < value.length && nodes <= MAX_FILTER_NODES; i++) walk(value[i], [...here, i]);
    }
  };
  walk(filter, []);
}

/** Parses a filter; each mistake is an issue at its own path. */
export const FilterSchema = z
  .record(z.string(), z.unknown())
  .superRefine((filter, context) => {
    check(filter, (path, message) => {
      context.addIssue({ code: 'custom', path: [...path], message });
      return undefined;
    });
  })
  .describe(
    'A condition on attributes: {"field": value}, {"field": {"in": […]}}, {"field": {"gt" | "gte" | "lt" | "lte": x}}, ' +
      '{"field": {"exists": true}}, {"and": […]}, {"or": […]}, {"not": …}. Fields are dotted paths; 64 nodes at most.',
    // The refinement has checked the whole tree, which the record's type can't say.
  ) as unknown as z.ZodType<Filter, Record<string, unknown>>;
