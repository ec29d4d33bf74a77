import type { Experiment, Variant } from './catalogue.js';

/** Parts of equal size into which people fall by a hash. A share is kept to a ten-thousandth. */
export const BUCKETS = 10_000;

/**
 * Which variant each bucket belongs to, so that each has its share. With what was before, as few buckets as can be
 * change hands: a variant that keeps its share keeps its buckets, one that shrinks keeps some of its own, one that grows
 * keeps all.
 */
export function allotBuckets(
  variants: readonly Pick<Variant, 'name' | 'share'>[],
  before: Experiment['buckets'] = [],
): Experiment['buckets'] {
  const left = bucketsOf(variants);
  const held = before.flatMap(([name, count]) => Array<string>(count).fill(name));
  const owners = Array.from({ length: BUCKETS }, (_, i) => {
    const owner = held[i];
    const rest = owner === undefined ? 0 : (left.get(owner) ?? 0);
    if (owner === undefined || rest === 0) return undefined;
    left.set(owner, rest - 1);
    return owner;
  });
  const waiting = [...left].flatMap(([name, count]) => Array<string>(count).fill(name));
  let next = 0;
  return runs(owners.map((owner) => owner ?? (waiting[next++] as string)));
}

/** Whole buckets a variant, all of them together: what rounding leaves over goes to the largest remainders. */
function bucketsOf(variants: readonly Pick<Variant, 'name' | 'share'>[]): Map<string, number> {
  const exact = variants.map(({ name, share }) => ({ name, buckets: share * BUCKETS }));
  const counts = new Map(exact.map(({ name, buckets }) => [name, Math.floor(buckets + 1e-6)]));
  let over = BUCKETS - [...counts.values()].reduce((sum, count) => sum + count, 0);
  for (const { name } of [...exact].sort((a, b) => (b.buckets % 1) - (a.buckets % 1))) {
    if (over <= 0) break;
    counts.set(name, (counts.get(name) ?? 0) + 1);
    over -= 1;
  }
  return counts;
}

function runs(owners: readonly string[]): [string, number][] {
  const found: [string, number][] = [];
  for (const owner of owners) {
    const last = found.at(-1);
    if (last?.[0] === owner) last[1] += 1;
    else found.push([owner, 1]);
  }
  return found;
}
