import type { Random } from '../core/random.js';
import type { HnswStore } from '../store/hnsw-store.js';

/** recall@10 over queries, its lower bound (95%, one side), and how many queries it was measured with. */
export interface Recall {
  readonly at10: number;
  readonly low: number;
  readonly queries: number;
}

const K = 10;
/** Two hits whose similarities differ by less are the same answer to whoever asked. */
const SAME = 1e-6;

/** Mean, and mean minus 1.645 standard errors. Queries are drawn, so the error is that of a sample of queries. */
function summary(shares: readonly number[]): Recall {
  const queries = shares.length;
  if (queries === 0) return { at10: 1, low: 1, queries };
  const mean = shares.reduce((sum, share) => sum + share, 0) / queries;
  const variance = shares.reduce((sum, share) => sum + (share - mean) ** 2, 0) / Math.max(1, queries - 1);
  return { at10: mean, low: Math.max(0, mean - 1.645 * Math.sqrt(variance / queries)), queries };
}

/** What exact search gives for a seeded sample of the store's own items: the yardstick for every breadth. */
export interface Yardstick {
  readonly queries: readonly { readonly itemId: string; readonly vector: Float32Array; readonly due: number }[];
  /** Similarity of the last hit that belongs to the true ten, for each query. */
  readonly floors: readonly number[];
}

/** Exact answers for at most `queries` items, each without itself. `pause` lets others in between. */
export async function drawYardstick(
  store: HnswStore,
  random: Random,
  queries: number,
  pause: () => Promise<void>,
): Promise<Yardstick> {
  const itemIds = [...store.itemIds()];
  const chosen = [...random.permutation(itemIds.length).subarray(0, queries)].map((at) => itemIds[at]!);
  const asked: { itemId: string; vector: Float32Array; due: number }[] = [];
  const floors: number[] = [];
  for (const itemId of chosen) {
    const vector = store.vectorNow(itemId)!;
    const hits = store.nearestNow(vector, K + 1, { exact: true }).filter((hit) => hit.itemId !== itemId);
    const due = Math.min(K, hits.length);
    if (due > 0) {
      asked.push({ itemId, vector, due });
      floors.push(hits[due - 1]!.similarity);
    }
    await pause();
  }
  return { queries: asked, floors };
}

/** recall@10 of the graph at one breadth. A hit counts where it is as similar as the last of the true ten. */
export async function measureRecall(
  store: HnswStore,
  yardstick: Yardstick,
  efSearch: number,
  pause: () => Promise<void>,
): Promise<Recall> {
  const shares: number[] = [];
  for (const [i, { itemId, vector, due }] of yardstick.queries.entries()) {
    const hits = store.nearestNow(vector, K + 1, { efSearch }).filter((hit) => hit.itemId !== itemId);
    const found = hits.slice(0, due).filter((hit) => hit.similarity >= yardstick.floors[i]! - SAME).length;
    shares.push(found / due);
    await pause();
  }
  return summary(shares);
}

/** Breadths in order; the first is about as cheap as a search gets, the last about four times the default's work. */
export const BREADTHS = [32, 48, 64, 96, 128, 192, 256, 384, 512, 768] as const;

/** The smallest breadth whose recall reaches `minRecall` even at the lower end of its interval; else the largest. `only` fixes it. */
export async function chooseBreadth(
  store: HnswStore,
  yardstick: Yardstick,
  minRecall: number,
  pause: () => Promise<void>,
  only?: number,
): Promise<{ efSearch: number; recall: Recall }> {
  let last = { efSearch: only ?? BREADTHS[0], recall: summary([]) };
  for (const efSearch of only === undefined ? BREADTHS : [only]) {
    last = { efSearch, recall: await measureRecall(store, yardstick, efSearch, pause) };
    if (last.recall.low >= minRecall) return last;
  }
  return last;
}
