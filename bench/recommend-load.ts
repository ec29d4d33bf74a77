import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Random } from '../src/core/random.js';
import { startChild } from '../src/core/start-process.js';
import { startKindred } from './kindred-server.js';
import { asked, type Load, loadGenerator, median, ratioRow, rounds } from './load.js';
import type { BenchOptions } from './main.js';
import { barred, figure, type Row } from './row.js';
import { COLLECTION, DIMENSION, ITEMS, prepareFolder } from './search-folder.js';
import { type LoadResult, percentile } from './search-load.js';

const CONNECTIONS = 16;
const PEOPLE = 1_000;
const EVENTS_EACH = 200;
const REQUESTS = 6_000;
const AFTER_EVENT = 1_000;
const ROUNDS = 7;
/** Events that the behaviour model is trained on, and how many seconds that may take. */
const TRAINED_ON = 100_000;
const TRAIN_SECONDS = 300;
/** Items that a taste likes, tastes of a person, and events on items of a taste. */
const TASTE = 100;
const TASTES_EACH = 4;
const BY_TASTE = 0.7;
/** Other requests a second while recommendations are computed, by which the longest delay is told. */
const PROBES = 20;

/** Sizes of a run: `--minutes` below 1 is for trying the bench, and measures nothing. */
const sizesOf = (minutes: number) =>
  minutes >= 1
    ? { items: ITEMS, people: PEOPLE, trainedOn: TRAINED_ON, requests: REQUESTS, after: AFTER_EVENT, times: ROUNDS }
    : { items: 2_000, people: 60, trainedOn: 6_000, requests: 300, after: 60, times: 2 };
type Sizes = ReturnType<typeof sizesOf>;

/**
 * Events of people who like a few groups of items: most of theirs are on the favourites of one of their groups, the rest
 * on whatever is popular. Each person's events come one after the other.
 */
function* madeEvents(seed: number, { items, people }: Sizes): Generator<string> {
  const random = new Random(seed).fork('people');
  const groups = Math.max(1, Math.floor(items / TASTE));
  const skewed = (count: number): number => Math.floor(count * random.next() ** 3);
  for (let person = 0; person < people; person++) {
    const tastes = Array.from({ length: TASTES_EACH }, () => random.int(groups));
    for (let i = 0; i < EVENTS_EACH; i++) {
      const taste = tastes[random.int(TASTES_EACH)]!;
      const item = random.chance(BY_TASTE) ? taste + groups * skewed(TASTE) : skewed(items);
      const time = 1_700_000_000_000 + person * 1_000_000 + i * 1_000;
      yield JSON.stringify({ userId: `p${person}`, itemId: `i${item}`, kind: 'click', time });
    }
  }
}

async function answered<T>(url: string, path: string, init?: RequestInit): Promise<T> {
  const answer = await fetch(url + path, init);
  if (!answer.ok) throw new Error(`${path} answered ${answer.status}: ${await answer.text()}`);
  return (await answer.json()) as T;
}

async function sendEvents(url: string, events: readonly string[]): Promise<void> {
  const headers = { 'content-type': 'application/x-ndjson' };
  for (let at = 0; at < events.length; at += 10_000) {
    const body = events.slice(at, at + 10_000).join('\n');
    await answered(url, `/v1/collections/${COLLECTION}/events`, { method: 'POST', headers, body });
  }
}

/** Trains the behaviour model as an administrator would, and says how many seconds its job took. */
async function train(url: string): Promise<number> {
  const path = `/v1/admin/collections/${COLLECTION}/behaviour/train`;
  const { jobId } = await answered<{ jobId: string }>(url, path, { method: 'POST' });
  for (;;) {
    const job = await answered<{ state: string; startedAt: string; finishedAt: string; error?: { message: string } }>(
      url,
      `/v1/admin/jobs/${jobId}`,
    );
    if (job.state === 'succeeded') return (Date.parse(job.finishedAt) - Date.parse(job.startedAt)) / 1_000;
    if (!['queued', 'running'].includes(job.state)) throw new Error(`Training ended as ${job.error?.message}.`);
    await new Promise((go) => setTimeout(go, 500));
  }
}

interface Servers {
  readonly url: string;
  readonly twin: string;
  /** Hands the twin the answer that it gives from then on. */
  readonly store: (answer: unknown) => Promise<void>;
  readonly load: Load;
  /** Another load generator, for requests beside those. */
  readonly probe: Load;
}

const p = (results: readonly LoadResult[], share: number): number =>
  percentile(
    results.flatMap(({ times }) => times).sort((a, b) => a - b),
    share,
  );

/** Requests of another kind on a timetable, for as long as the work lasts: how long the slowest of them waited, in ms. */
async function longestBeside<T>({ url, probe }: Servers, work: Promise<T>): Promise<{ result: T; longest: number }> {
  let [working, longest] = [true, 0];
  const probing = (async () => {
    while (working) {
      const { times } = await probe.send({ url, kind: 'item', connections: 4, rate: PROBES, seconds: 1 });
      longest = Math.max(longest, times.at(-1)!);
    }
  })();
  const result = await work.finally(() => {
    working = false;
  });
  await probing;
  return { result, longest };
}

/** One strategy: each person's first answer, then answers again, then answers after an event of the person. */
async function measure(servers: Servers, strategy: string, sizes: Sizes, say: BenchOptions['say']): Promise<Row[]> {
  const { url, twin, store, load } = servers;
  const rows: Row[] = [];
  const order = { kind: 'recommend', strategy } as const;
  const uncached = async (what: string, more: object): Promise<void> => {
    const work = load.send({ url, ...order, people: sizes.people, count: sizes.people, connections: 4, ...more });
    const { result, longest } = await longestBeside(servers, work);
    rows.push(figure(`${strategy}/${what}/rate`, result.perSecond, 'requests/s'));
    rows.push(
      figure(`${strategy}/${what}/p50-ms`, result.p50, 'ms'),
      figure(`${strategy}/${what}/p99-ms`, result.p99, 'ms'),
    );
    rows.push(figure(`${strategy}/${what}/longest-delay-of-others-ms`, longest, 'ms'));
  };
  say(`${strategy}: first answers`);
  await uncached('first', {});

  const asking = { method: 'POST', headers: { 'content-type': 'application/json' } };
  const body = JSON.stringify({ user: 'p0', k: 10, strategy });
  const answer = await answered<{ strategy: string; hits: readonly unknown[] }>(
    url,
    `/v1/collections/${COLLECTION}/recommendations`,
    { ...asking, body },
  );
  if (answer.strategy !== strategy || answer.hits.length !== 10)
    throw new Error(`Expected 10 hits by ${strategy}, received ${answer.hits.length} by ${answer.strategy}.`);
  await store(answer);
  for (const [what, people] of Object.entries({ 'same-person': 1, 'many-people': sizes.people })) {
    say(`${strategy}: ${what}`);
    const found = await rounds(load, { own: url, twin }, { ...order, people, count: sizes.requests }, sizes.times);
    const [own, bare] = [found.own!, found.twin!];
    const ratios = own.map(({ perSecond }, i) => perSecond / bare[i]!.perSecond);
    rows.push(ratioRow(`${strategy}/${what}/vs-twin`, ratios, 0.4));
    rows.push(figure(`${strategy}/${what}/rate`, median(own.map(({ perSecond }) => perSecond)), 'requests/s'));
    rows.push(
      figure(`${strategy}/${what}/p50-ms`, p(own, 0.5), 'ms'),
      figure(`${strategy}/${what}/p99-ms`, p(own, 0.99), 'ms'),
    );
    rows.push(figure(`${strategy}/${what}/twin-p99-ms`, p(bare, 0.99), 'ms'));
  }
  say(`${strategy}: an event before each answer`);
  await uncached('after-event', { afterEvent: true, count: sizes.after });
  return rows;
}

/**
 * Recommendations for people with 200 events each, 16 connections from a process of their own, beside a bare Express twin
 * that answers a stored JSON of the same size; and the training of their behaviour model by the server itself.
 */
export async function recommendLoad({ say, seed, minutes }: BenchOptions): Promise<readonly Row[]> {
  const sizes = sizesOf(minutes);
  const folder = await mkdtemp(join(tmpdir(), 'kindred-bench-recommend-'));
  const closers: (() => unknown)[] = [() => rm(folder, { recursive: true, force: true })];
  try {
    say(`preparing ${sizes.items} × ${DIMENSION}`);
    await prepareFolder(folder, seed, sizes.items);
    const child = startChild(new URL('./recommend-twin.ts', import.meta.url));
    closers.push(() => child.disconnect());
    const [{ url: twin }] = (await once(child, 'message')) as [{ url: string }];
    const server = await startKindred({ data: folder });
    closers.push(() => server.stop());
    const { url } = server;
    const common = { collection: COLLECTION, connections: CONNECTIONS, items: sizes.items, dimension: DIMENSION };
    const [load, probe] = [loadGenerator(seed, common), loadGenerator(seed + 1_000, common)];
    closers.push(
      () => load.stop(),
      () => probe.stop(),
    );
    const servers: Servers = {
      url,
      twin,
      load,
      probe,
      store: async (answer) => void (await asked(child, answer as object)),
    };

    const events = [...madeEvents(seed, sizes)];
    await sendEvents(url, events.slice(0, sizes.trainedOn));
    say(`training the behaviour model on ${sizes.trainedOn} events`);
    const seconds = await train(url);
    await sendEvents(url, events.slice(sizes.trainedOn));
    return [
      barred('train/seconds', seconds, 's', '<=', TRAIN_SECONDS),
      figure('train/events', sizes.trainedOn, 'events'),
      ...(await measure(servers, 'user', sizes, say)),
      ...(await measure(servers, 'blend', sizes, say)),
    ];
  } finally {
    for (const close of closers.reverse()) await close();
  }
}
