import { Random } from '../src/core/random.js';
import { HttpPipe, requestBytes } from './http-pipe.js';

/** What the load generator is told to do, in its own process, so that it never waits for whom it measures. */
export interface LoadOrder {
  readonly url: string;
  readonly collection: string;
  readonly kind: 'by-id' | 'by-vector' | 'batch' | 'recommend' | 'item';
  readonly connections: number;
  readonly seed: number;
  readonly items: number;
  readonly dimension: number;
  /** Recommendations: of `p0`, `p1`, … in turn, as many as these. */
  readonly people?: number;
  readonly strategy?: string;
  /** Before each request an event of the person is sent and acknowledged; it is in no figure but the rate. */
  readonly afterEvent?: boolean;
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
  /** Milliseconds of every request, in ascending order. */
  readonly times: readonly number[];
}

/** The value below which this share of ascending times lies. */
export function percentile(times: readonly number[], share: number): number {
  return times[Math.min(times.length - 1, Math.floor(times.length * share))]!;
}

const BATCH = 100;

const personOf = ({ people = 1 }: LoadOrder, request: number): string => `p${request % people}`;

/** What a person did just before each request. */
function events(order: LoadOrder, count: number): Buffer[] {
  const random = new Random(order.seed).fork('events');
  return Array.from({ length: count }, (_, i) =>
    requestBytes(
      order.url,
      `/v1/collections/${order.collection}/events`,
      JSON.stringify({ userId: personOf(order, i), itemId: `i${random.int(order.items)}`, kind: 'click' }),
    ),
  );
}

/** The requests, made before the clock starts. */
function requests(order: LoadOrder, count: number): Buffer[] {
  const random = new Random(order.seed);
  const base = `/v1/collections/${order.collection}`;
  const id = (): string => `i${random.int(order.items)}`;
  return Array.from({ length: count }, (_, i) => {
    if (order.kind === 'item') return requestBytes(order.url, `${base}/items/${id()}`);
    if (order.kind === 'recommend')
      return requestBytes(
        order.url,
        `${base}/recommendations`,
        JSON.stringify({ user: personOf(order, i), k: 10, strategy: order.strategy }),
      );
    if (order.kind === 'by-id') return requestBytes(order.url, `${base}/items/${id()}/similar?k=10`);
    if (order.kind === 'by-vector') {
      const vector = Array.from({ length: order.dimension }, () => Math.fround(random.normal()));
      return requestBytes(order.url, `${base}/search`, JSON.stringify({ examples: [{ vector }], k: 10 }));
    }
    const searches = Array.from({ length: BATCH }, () => ({ examples: [{ itemId: id() }], k: 10 }));
    return requestBytes(order.url, `${base}/search:batch`, JSON.stringify({ searches }));
  });
}

async function run(order: LoadOrder): Promise<LoadResult> {
  const pipes = await Promise.all(Array.from({ length: order.connections }, () => HttpPipe.open(order.url)));
  const all = requests(order, Math.min(4000, order.count ?? 4000));
  const before = order.afterEvent ? events(order, all.length) : [];
  const times: number[] = [];
  let failed = 0;
  const one = async (pipe: HttpPipe, at: number, from: number): Promise<void> => {
    if ((await pipe.send(all[at % all.length]!)) !== 200) failed++;
    times.push(performance.now() - from);
  };
  const start = performance.now();
  let next = 0;
  if (order.rate === undefined) {
    const client = async (pipe: HttpPipe): Promise<void> => {
      while (next < order.count!) {
        const mine = next++;
        const event = before[mine % all.length];
        if (event && (await pipe.send(event)) !== 200) failed++;
        await one(pipe, mine, performance.now());
      }
    };
    await Promise.all(pipes.map(client));
  } else {
    // Requests that are due wait for a connection that is free; their time counts from when they were due.
    const { rate, seconds } = order as { rate: number; seconds: number };
    const total = Math.floor(rate * seconds);
    const due = (at: number) => start + (at / rate) * 1000;
    const client = async (pipe: HttpPipe): Promise<void> => {
      while (next < total) {
        const mine = next++;
        const early = due(mine) - performance.now();
        if (early > 0) await new Promise((resume) => setTimeout(resume, early));
        await one(pipe, mine, due(mine));
      }
    };
    await Promise.all(pipes.map(client));
  }
  const seconds = (performance.now() - start) / 1000;
  for (const pipe of pipes) pipe.close();
  times.sort((a, b) => a - b);
  const [p50, p99] = [percentile(times, 0.5), percentile(times, 0.99)];
  return { perSecond: times.length / seconds, p50, p99, failed, requests: times.length, times };
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
