import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Random } from '../src/core/random.js';
import { startChild } from '../src/core/start-process.js';
import { HttpPipe, requestBytes } from './http-pipe.js';
import { startKindred } from './kindred-server.js';
import type { BenchOptions } from './main.js';
import { barred, figure, type Row } from './row.js';

const COLLECTION = 'default';
const PATH = `/v1/collections/${COLLECTION}/events`;
const ROUNDS = 5;
const BATCH = 1_000;
const BATCHES = 100;
const BATCH_CLIENTS = 2;
const SINGLES = 3_000;
const SINGLE_CLIENTS = 16;
const PEOPLE = 20_000;
const ITEMS = 20_000;
/** Events of the one person who has many. */
const MANY = 100_000;
const KINDS = ['view', 'view', 'view', 'view', 'click', 'cart', 'purchase', 'impression'];
const NDJSON = 'application/x-ndjson';

type Shape = 'ndjson' | 'json' | 'one';

/** Events that nobody has sent yet: few items have most of them, and ids come in no order. */
function eventMaker(seed: number) {
  const random = new Random(seed);
  let made = 0;
  return (more: object = {}): string => {
    made++;
    return JSON.stringify({
      userId: `user-${random.int(PEOPLE)}`,
      sessionId: `session-${random.int(PEOPLE * 4)}`,
      itemId: `item-${Math.floor(ITEMS * random.next() ** 3)}`,
      kind: KINDS[random.int(KINDS.length)],
      time: 1_700_000_000_000 + made * 10 - random.int(1_000_000),
      eventId: `${random.int(2 ** 31).toString(36)}-${seed}-${made}`,
      ...more,
    });
  };
}

type MakeEvent = ReturnType<typeof eventMaker>;

function requests(url: string, shape: Shape, count: number, make: MakeEvent, more: object = {}): Buffer[] {
  return Array.from({ length: count }, () => {
    if (shape === 'one') return requestBytes(url, PATH, make(more));
    const events = Array.from({ length: BATCH }, () => make(more));
    return shape === 'json'
      ? requestBytes(url, PATH, `[${events.join(',')}]`)
      : requestBytes(url, PATH, events.join('\n'), NDJSON);
  });
}

/** Requests a second, each client sending its next one when the last is acknowledged. */
async function rate(url: string, all: readonly Buffer[], clients: number): Promise<number> {
  const pipes = await Promise.all(Array.from({ length: clients }, () => HttpPipe.open(url)));
  let next = 0;
  const start = performance.now();
  await Promise.all(
    pipes.map(async (pipe) => {
      for (let at = next++; at < all.length; at = next++) {
        const status = await pipe.send(all[at]!);
        if (status !== 200) throw new Error(`Sending events answered ${status}.`);
      }
    }),
  );
  const seconds = (performance.now() - start) / 1_000;
  for (const pipe of pipes) pipe.close();
  return all.length / seconds;
}

const median = (values: readonly number[]): number => [...values].sort((a, b) => a - b)[values.length >> 1]!;
const range = (values: readonly number[]) => ({ low: Math.min(...values), high: Math.max(...values) });

/** How long a recommendation takes for somebody with very many events, in ms: the median of many. */
async function busyPerson(url: string, make: MakeEvent): Promise<number> {
  const headers = { 'content-type': 'application/json' };
  const put = await fetch(`${url}/v1/collections/${COLLECTION}/items/item-0`, {
    method: 'PUT',
    headers,
    body: JSON.stringify({ attributes: { name: 'the one' } }),
  });
  if (!put.ok) throw new Error(`Writing an item answered ${put.status}.`);
  await rate(url, requests(url, 'ndjson', MANY / BATCH, make, { userId: 'busy' }), BATCH_CLIENTS);
  const body = JSON.stringify({ user: 'busy', k: 10 });
  const times: number[] = [];
  for (let i = 0; i < 30; i++) {
    const start = performance.now();
    const answer = await fetch(`${url}/v1/collections/${COLLECTION}/recommendations`, {
      method: 'POST',
      headers,
      body,
    });
    await answer.arrayBuffer();
    if (!answer.ok) throw new Error(`A recommendation answered ${answer.status}.`);
    times.push(performance.now() - start);
  }
  return median(times);
}

/** Events a second that are acknowledged over HTTP, and so on disk, beside a bare Express twin on the same tables. */
export async function events({ say, seed, minutes }: BenchOptions): Promise<readonly Row[]> {
  const folder = await mkdtemp(join(tmpdir(), 'kindred-bench-events-'));
  const closers: (() => unknown)[] = [() => rm(folder, { recursive: true, force: true })];
  try {
    const twin = startChild(new URL('./events-twin.ts', import.meta.url), [folder]);
    closers.push(() => twin.disconnect());
    const [{ url: twinUrl }] = (await once(twin, 'message')) as [{ url: string }];
    const server = await startKindred({ data: folder });
    closers.push(() => server.stop());

    const short = minutes < 1;
    const rows: Row[] = [];
    const make = eventMaker(seed);
    const measure = async (shape: Shape, count: number, clients: number): Promise<Record<'own' | 'twin', number[]>> => {
      const rates = { own: [] as number[], twin: [] as number[] };
      for (let round = 0; round <= (short ? 1 : ROUNDS); round++) {
        const all = requests(server.url, shape, count, make);
        const own = await rate(server.url, all, clients);
        const bare = await rate(twinUrl, all, clients);
        say(`${shape}: ${own.toFixed(1)} requests/s, the twin ${bare.toFixed(1)}`);
        if (round > 0) rates.own.push(own) && rates.twin.push(bare); // the first warms up
      }
      return rates;
    };
    const over = ({ own, twin }: Record<'own' | 'twin', number[]>) => own.map((each, i) => each / twin[i]!);
    for (const shape of ['ndjson', 'json'] as const) {
      const rates = await measure(shape, short ? BATCHES / 5 : BATCHES, BATCH_CLIENTS);
      const perSecond = rates.own.map((each) => each * BATCH);
      rows.push(barred(`${shape}/rate`, median(perSecond), 'events/s', '>=', 20_000, range(perSecond)));
      rows.push(figure(`${shape}/vs-twin`, median(over(rates)), 'ratio', range(over(rates))));
    }
    const singles = await measure('one', short ? SINGLES / 5 : SINGLES, SINGLE_CLIENTS);
    rows.push(barred('one-by-one/rate', median(singles.own), 'events/s', '>=', 1_000, range(singles.own)));
    rows.push(figure('one-by-one/vs-twin', median(over(singles)), 'ratio', range(over(singles))));
    rows.push(figure('busy-person/p50-ms', await busyPerson(server.url, make), 'ms'));
    return rows;
  } finally {
    for (const close of closers.reverse()) await close();
  }
}
