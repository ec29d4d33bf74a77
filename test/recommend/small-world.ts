import type { Attributes, EventKind, StoredEvent } from '../../src/catalogue/catalogue.js';
import type { Random } from '../../src/core/random.js';
import { byteOrder, clampSimilarity, dot, unit, type Vector } from '../../src/core/vectors.js';
import type { LiveIndex, LiveItem } from '../../src/indexing/live-index.js';
import type { Behaviour, PlanRequest } from '../../src/recommend/planner.js';

export interface WorldItem {
  readonly itemId: string;
  readonly vector?: readonly number[] | Vector;
  readonly attributes?: Attributes;
  readonly createdAt?: number;
}

/** A live index that evaluates exactly, over items given at once. */
export function smallIndex(given: readonly WorldItem[], dimension: number | null = 2): LiveIndex {
  const items = new Map<string, LiveItem>();
  const vectors = new Map<string, Vector>();
  for (const { itemId, vector, attributes = {}, createdAt = 0 } of given) {
    items.set(itemId, { itemId, attributes, hasPicture: vector !== undefined, createdAt });
    if (vector) vectors.set(itemId, unit(vector));
  }
  const nearest: LiveIndex['nearest'] = async (query, k, accept) =>
    [...vectors]
      .filter(([itemId]) => !accept || accept(items.get(itemId) as LiveItem))
      .map(([itemId, vector]) => ({ itemId, similarity: clampSimilarity(dot(query, vector)) }))
      .sort((a, b) => b.similarity - a.similarity || byteOrder(a.itemId, b.itemId))
      .slice(0, k);
  return {
    collection: 'default',
    indexId: 'index-1',
    releaseId: 'release-1',
    behaviourId: null,
    modelId: dimension === null ? null : 'model-1',
    dimension,
    revision: 1,
    version: 1,
    ready: true,
    size: () => vectors.size,
    appliedThrough: async () => {},
    serving: async () => {},
    item: (itemId) => items.get(itemId),
    items: () => items.values(),
    placed: (vector) => vector,
    vector: async (itemId) => vectors.get(itemId),
    nearest,
    nearestMany: (queries, k) => Promise.all(queries.map((query) => nearest(query, k))),
  };
}

/** One event as it reads in a test: who, what, which. */
export type Told = readonly [who: string, kind: EventKind, itemId: string];

/** Behaviour from a list of events, oldest first. Names that begin with "session" are sessions. */
export function behaviourOf(told: readonly Told[] = []): Behaviour {
  const events = told.map(([who, kind, itemId], time): StoredEvent => {
    const by = who.startsWith('session') ? { sessionId: who } : { userId: who };
    return { ...by, kind, itemId, time, receivedAt: time };
  });
  const by = (who: { userId: string } | { sessionId: string }) =>
    events.filter((event) => ('userId' in who ? event.userId === who.userId : event.sessionId === who.sessionId));
  return {
    of: async (_collection, who, limit) => by(who).reverse().slice(0, limit),
    seenBy: async (_collection, who) =>
      new Set(by(who).flatMap(({ kind, itemId }) => (kind === 'impression' ? [] : [itemId]))),
    popular: async (_collection, weights, limit) => {
      const sums = new Map<string, number>();
      for (const { itemId, kind } of events) sums.set(itemId, (sums.get(itemId) ?? 0) + weights[kind]);
      return [...sums]
        .map(([itemId, weight]) => ({ itemId, weight }))
        .sort((a, b) => b.weight - a.weight || byteOrder(a.itemId, b.itemId))
        .slice(0, limit);
    },
  };
}

/** A request that asks for ten and nothing else. */
export const asking = (changes: Partial<PlanRequest> = {}): PlanRequest => ({
  examples: [],
  k: 10,
  offset: 0,
  exclude: [],
  includeSeen: false,
  explain: false,
  ...changes,
});

export const like = (itemId: string, weight = 1) => ({ kind: 'item' as const, itemId, weight });

/** A point on the unit circle, in degrees: similarities can be read off. */
export const at = (degrees: number): number[] => [
  Math.cos((degrees * Math.PI) / 180),
  Math.sin((degrees * Math.PI) / 180),
];

/** Items with random directions, ids i0000, i0001, …, each newer than the one before. */
export function randomItems(count: number, dimension: number, random: Random): WorldItem[] {
  return Array.from({ length: count }, (_, i) => ({
    itemId: `i${String(i).padStart(5, '0')}`,
    vector: Float32Array.from({ length: dimension }, () => random.normal()),
    attributes: { colour: random.chance(0.5) ? 'red' : 'blue', price: random.int(100) },
    createdAt: i,
  }));
}
