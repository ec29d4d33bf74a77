import { Pool } from 'undici';
import { Random } from '../src/core/random.js';

/** What the load generator is told to do, in its own process, so that it never waits for whom it measures. */
export interface LoadOrder {
  readonly url: string;
  readonly collection: string;
  readonly kind: 'by-id' | 'by-vector' | 'batch';
  readonly connections: number;
  readonly seed: number;
  readonly items: number;
  readonly dimension: number;
  /** Requests in all; or, with a rate, as many seconds of it. */
  readonly count?: number;
  /** Requests a second on a fixed timetable: a late answer does not slow the next request, and counts from its time. */
  readonly rate?: number;
  readonly seconds?: number;
}

export interface LoadResult {
  readonly perSecond: number;
  readonly p50: number;
  readonly p99: number;
  readonly failed: number;
  readonly requests: number;
}

type Request = { readonly path: string; readonly body?: string };
const BATCH = 100;

/** The requests, made before the clock starts. */
function requests(order: LoadOrder, count: number): Request[] {
  const random = new Random(order.seed);
  const base = `/v1/collections/${order.collection}`;
  const id = (): string => `i${random.int(order.items)}`;
  return Array.from({ length: count }, () => {
    if (order.kind === 'by-id') return { path: `${base}/items/${id()}/similar?k=10` };
    if (order.kind === 'by-vector') {
      const vector = Array.from({ length: order.dimension }, () => Math.fround(random.normal()));
      return { path: `${base}/search`, body: JSON.stringify({ examples: [{ vector }], k: 10 }) };
    }
    const searches = Array.from({ length: BATCH }, () => ({ examples: [{ itemId: id() }], k: 10 }));
    return { path: `${base}/search:batch`, body: JSON.stringify({ searches }) };
  });
}

async function run(order: LoadOrder): Promise<LoadResult> {
  const pool = new Pool(order.url, { connections: order.connections, pipelining: 1 });
  const all = requests(order, Math.min(4000, order.count ?? 4000));
  const times: number[] = [];
  let failed = 0;
  const one = async (at: number, from: number): Promise<void> => {
    const { path, body } = all[at % all.length]!;
    const answer = await pool.request({
      path,
      method: body === undefined ? 'GET' : 'POST',
      ...(body === undefined ? {} : { body, headers: { 'content-type': 'application/json' } }),
    });
    await answer.body.arrayBuffer();
    if (answer.statusCode !== 200) failed++;
    times.push(performance.now() - from);
  };
  const start = performance.now();
  if (order.rate === undefined) {
    let next = 0;
    const client = async (): Promise<void> => {
      while (next < order.count!) await one(next++, performance.now());
    };
    await Promise.all(Array.from({ length: order.connections }, client));
  } else {
    const total = Math.floor(order.rate * order.seconds!);
    const open: Promise<void>[] = [];
    while (open.length < total) {
      const due = Math.min(total, Math.floor(((performance.now() - start) / 1000) * order.rate) + 1);
      while (open.length < due) open.push(one(open.length, start + (open.length / order.rate) * 1000));
      await new Promise((resume) => setTimeout(resume, 1));
    }
    await Promise.all(open);
  }
  const seconds = (performance.now() - start) / 1000;
  await pool.close();
  times.sort((a, b) => a - b);
  const at = (share: number): number => times[Math.min(times.length - 1, Math.floor(times.length * share))]!;
  return { perSecond: times.length / seconds, p50: at(0.5), p99: at(0.99), failed, requests: times.length };
}

if (process.send) {
  process.on('message', (order: LoadOrder) => {
    run(order).then(
      (result) => process.send!({ result }),
      (cause: unknown) => process.send!({ error: String(cause) }),
    );
  });
  process.on('disconnect', () => process.exit(0));
}
