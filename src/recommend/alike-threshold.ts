import { setImmediate as nextTurn } from 'node:timers/promises';
import { dot, type Vector } from '../core/vectors.js';
import type { LiveIndex } from '../indexing/live-index.js';

/** Items that are compared with each other, spread over the catalogue: 2,016 pairs. */
const SAMPLED = 64;
/** Of pairs of the catalogue, the share that is less alike than two things of one taste. */
const LESS_ALIKE = 0.95;
/** A catalogue that has grown this many times is sampled again. */
const GROWTH = 2;
/** Items that are passed before others have a turn. */
const PASSED_A_TURN = 10_000;

interface Sampled {
  readonly indexId: string | null;
  readonly modelId: string | null;
  readonly size: number;
  readonly threshold: Promise<number>;
}

const known = new WeakMap<LiveIndex, Sampled>();

/**
 * The cosine from which on two items are more alike than 95 in 100 pairs of this catalogue. Encoders differ in how
 * alike they find any two things, so no fixed cosine means the same for all of them. Sampled once an index, and again
 * when the catalogue has doubled. 1 where fewer than two items have an embedding.
 */
export function alikeThreshold(index: LiveIndex): Promise<number> {
  const { indexId, modelId } = index;
  const size = index.size();
  const before = known.get(index);
  if (before?.indexId === indexId && before.modelId === modelId && size < GROWTH * Math.max(1, before.size))
    return before.threshold;
  const threshold = sampled(index, size).then((vectors) => quantile(cosinesAmong(vectors), LESS_ALIKE));
  known.set(index, { indexId, modelId, size, threshold });
  threshold.catch(() => known.delete(index)); // asked for again by the next request
  return threshold;
}

/** Every so many-th item that has a vector. */
async function sampled(index: LiveIndex, size: number): Promise<Vector[]> {
  const step = Math.max(1, Math.floor(size / SAMPLED));
  const found: Vector[] = [];
  let [passed, due] = [0, 0];
  for (const { itemId } of index.items()) {
    if (found.length === SAMPLED) break;
    if (++passed % PASSED_A_TURN === 0) await nextTurn();
    if (passed <= due) continue;
    const vector = await index.vector(itemId);
    if (!vector) continue;
    found.push(vector);
    due = passed - 1 + step;
  }
  return found;
}

function cosinesAmong(vectors: readonly Vector[]): Float64Array {
  const cosines: number[] = [];
  for (const [at, a] of vectors.entries()) for (const b of vectors.slice(0, at)) cosines.push(dot(a, b));
  return Float64Array.from(cosines).sort();
}

const quantile = (sorted: Float64Array, share: number): number =>
  sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? 1;
