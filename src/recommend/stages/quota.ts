import type { Attributes, Json } from '../../catalogue/catalogue.js';
import { stableJson } from '../../core/fingerprint.js';
import type { Cap } from '../planner.js';
import { readPath } from '../read-path.js';

/** A bound on how many hits share a value, whatever page they stand on. */
export interface Limit {
  readonly most: number;
  /** What an item is counted under; nothing where it has no such attribute, and then nothing bounds it. */
  readonly valuesOf: (attributes: Attributes) => readonly string[];
}

/** A value as text; 1 and "1" are two values. */
const named = (value: Json): string => stableJson(value);

/** At most `most` hits with one value of the attribute; each element of a list counts, as it does for filters. */
export function capLimit({ field, most }: Cap): Limit {
  const read = readPath(field);
  const valuesOf = (attributes: Attributes): readonly string[] => {
    const value = read(attributes);
    if (value === undefined) return [];
    return Array.isArray(value) ? [...new Set(value.map(named))] : [named(value)];
  };
  return { most, valuesOf };
}

/** One hit a group: items whose attribute has the same value, a list as a whole. */
export function groupLimit(field: string): Limit {
  const read = readPath(field);
  const valuesOf = (attributes: Attributes): readonly string[] => {
    const value = read(attributes);
    return value === undefined ? [] : [named(value)];
  };
  return { most: 1, valuesOf };
}

/** What an item is counted under, limit by limit. */
export type Counted = readonly (readonly string[])[];

export interface Quota {
  of(attributes: Attributes): Counted;
  /** Whether a limit has no room for it. */
  full(counted: Counted): boolean;
  take(counted: Counted): void;
}

/** Counts hits against limits. */
export function openQuota(limits: readonly Limit[]): Quota {
  const taken = limits.map(() => new Map<string, number>());
  return {
    of: (attributes) => limits.map(({ valuesOf }) => valuesOf(attributes)),
    full: (counted) => limits.some(({ most }, i) => counted[i]!.some((value) => (taken[i]!.get(value) ?? 0) >= most)),
    take(counted) {
      for (const [i, values] of counted.entries())
        for (const value of values) taken[i]!.set(value, (taken[i]!.get(value) ?? 0) + 1);
    },
  };
}
