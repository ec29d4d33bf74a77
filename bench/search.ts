import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startChild } from '../src/core/start-process.js';
import { startKindred } from './kindred-server.js';
import { asked, type Load, loadGenerator, median, ratioRow, rounds } from './load.js';
import type { BenchOptions } from './main.js';
import { barred, figure, type Row } from './row.js';
import { COLLECTION, DIMENSION, EF, ITEMS, prepareFolder } from './search-folder.js';
import { type LoadResult, percentile } from './search-load.js';

const CONNECTIONS = 16;
const ROUNDS = 7;
const REQUESTS = 6000;
const REINDEX_ROUNDS = 5;

/**
 * p99 on a fixed timetable while a re-index runs, over p99 on the same timetable in quiet just before and just after, so
 * that a machine that gets slower or faster by itself changes both.
 */
async function reindexRatio(load: Load, url: string, perSecond: number, say: BenchOptions['say']): Promise<Row> {
  const p99 = (windows: readonly LoadResult[]): number =>
    percentile(
      windows.flatMap(({ times }) => times).sort((a, b) => a - b),
      0.99,
    );
  const send = (seconds: number) => load.send({ url, kind: 'by-id', rate: perSecond / 2, seconds });
  const ratios: number[] = [];
  let quiet = await send(8);
  for (let round = 0; round < REINDEX_ROUNDS; round++) {
    const started = await fetch(`${url}/v1/admin/collections/${COLLECTION}/reindex`, { method: 'POST' });
    if (started.status !== 202) throw new Error(`Re-indexing answered ${started.status}: ${await started.text()}`);
    const { jobId } = (await started.json()) as { jobId: string };
    const busy: LoadResult[] = [];
    for (let state = 'queued'; state !== 'succeeded'; ) {
      if (!['queued', 'running'].includes(state)) throw new Error(`Re-indexing ended as ${state}.`);
      busy.push(await send(2));
      ({ state } = (await (await fetch(`${url}/v1/admin/jobs/${jobId}`)).json()) as { state: string });
    }
    const after = await send(8);
    const [still, ran] = [p99([quiet, after]), p99(busy)];
    ratios.push(ran / still);
    say(`re-index: p99 ${still.toFixed(2)} ms in quiet, ${ran.toFixed(2)} ms in the ${busy.length * 2} s while it ran`);
    quiet = after;
  }
  const range = { low: Math.min(...ratios), high: Math.max(...ratios) };
  return barred('reindex/p99-ratio', median(ratios), 'ratio', '<=', 3, range);
}

/** Kindred over HTTP beside a bare Express twin of the same graph, 16 connections from a process of their own. */
export async function search({ say, seed }: BenchOptions): Promise<readonly Row[]> {
  const folder = await mkdtemp(join(tmpdir(), 'kindred-bench-search-'));
  const closers: (() => unknown)[] = [() => rm(folder, { recursive: true, force: true })];
  try {
    say(`preparing ${ITEMS} × ${DIMENSION}`);
    const index = await prepareFolder(folder, seed);
    const twin = startChild(new URL('./search-twin.ts', import.meta.url), [index, String(EF)]);
    closers.push(() => twin.disconnect());
    const [{ url: twinUrl }] = (await once(twin, 'message')) as [{ url: string }];
    const one = await startKindred({ data: folder });
    closers.push(() => one.stop());
    const two = await startKindred({ data: folder, environment: { KINDRED_PROCESSES: '2' } });
    closers.push(() => two.stop());
    const load = loadGenerator(seed, {
      collection: COLLECTION,
      connections: CONNECTIONS,
      items: ITEMS,
      dimension: DIMENSION,
    });
    closers.push(() => load.stop());

    const rows: Row[] = [];
    const pair = { one: one.url, twin: twinUrl };
    const byId = await rounds(load, { ...pair, two: two.url }, { kind: 'by-id', count: REQUESTS });
    const byVector = await rounds(load, pair, { kind: 'by-vector', count: REQUESTS });
    const over = (a: readonly LoadResult[], b: readonly LoadResult[]) => a.map((x, i) => x.perSecond / b[i]!.perSecond);
    rows.push(ratioRow('by-id/vs-twin', over(byId.one!, byId.twin!), 0.7));
    rows.push(ratioRow('by-vector/vs-twin', over(byVector.one!, byVector.twin!), 0.7));
    rows.push(ratioRow('two-processes/vs-one', over(byId.two!, byId.one!), 1.3));
    await two.stop();

    const batches: number[] = [];
    for (let round = 0; round <= ROUNDS; round++) {
      const { rawPerSecond } = await asked<{ rawPerSecond: number }>(twin, 10_000);
      const batch = await load.send({ url: one.url, kind: 'batch', count: 100, connections: 2 });
      if (round > 0) batches.push((batch.perSecond * 100) / rawPerSecond);
    }
    rows.push(ratioRow('batch-by-id/vs-raw-loop', batches, 0.6));

    const perSecond = median(byId.one!.map((result) => result.perSecond));
    rows.push(figure('by-id/rate', perSecond, 'requests/s'));
    rows.push(figure('p50-ms', median(byId.one!.map(({ p50 }) => p50)), 'ms'));
    rows.push(figure('p99-ms', median(byId.one!.map(({ p99 }) => p99)), 'ms'));
    rows.push(await reindexRatio(load, one.url, perSecond, say));
    return rows;
  } finally {
    for (const close of closers.reverse()) await close();
  }
}
