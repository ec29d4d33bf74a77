import { randomUUID } from 'node:crypto';
import { mkdtemp, open, readdir, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { Random } from '../src/core/random.js';
import { unit } from '../src/core/vectors.js';
import { type KindredServer, startKindred } from './kindred-server.js';

/**
 * The fault drill: clients write and delete items while the server is killed at random moments, its index files are
 * damaged, and re-indexes run. After every restart, what was acknowledged must be there and be found, and what was deleted
 * must stay gone. An operation that was cut off may have happened or not.
 */

const COLLECTION = 'drill';
const DIMENSION = 16;
const CLIENTS = 4;
const ITEMS_EACH = 40;
const AT = `/v1/collections/${COLLECTION}`;

/** A version that was written, or `gone`. */
type State = number | 'gone';

interface Item {
  readonly itemId: string;
  sure: State;
  /** What a request that was never answered may have made of it. */
  maybe: State[];
}

interface Tally {
  kills: number;
  faults: number;
  acknowledged: number;
  lost: number;
  undead: number;
  wrong: number;
}

const seedOf = (itemId: string, version: number): number => new Random(version + 1).fork(itemId).uint32();

/** Each version of an item lies somewhere else, so that an old vector in the graph would show. */
function vectorOf(itemId: string, version: number): number[] {
  const random = new Random(seedOf(itemId, version));
  return [...unit(Array.from({ length: DIMENSION }, () => random.normal()))];
}

const json = (method: string, body: unknown): RequestInit => ({
  method,
  headers: { 'content-type': 'application/json' },
  body: JSON.stringify(body),
});

/** Writes and deletes its own items one after the other until the server stops answering. */
async function client(
  url: string,
  items: readonly Item[],
  random: Random,
  versions: { next: number },
  tally: Tally,
): Promise<void> {
  for (;;) {
    const item = items[random.int(items.length)]!;
    const deletes = item.sure !== 'gone' && random.chance(0.25);
    const version = deletes ? 0 : versions.next++;
    const outcome: State = deletes ? 'gone' : version;
    item.maybe.push(outcome);
    try {
      const address = `${url}${AT}/items/${item.itemId}`;
      const response = deletes
        ? await fetch(address, { method: 'DELETE' })
        : await fetch(address, json('PUT', { vector: vectorOf(item.itemId, version), attributes: { version } }));
      await response.arrayBuffer();
      if (!response.ok) continue; // refused (shutting down): it may count or not
      item.sure = outcome;
      item.maybe = [];
      tally.acknowledged++;
    } catch {
      return; // the connection broke: the server was killed
    }
  }
}

/** What the server says an item is. */
async function stateOf(url: string, itemId: string): Promise<State> {
  const response = await fetch(`${url}${AT}/items/${itemId}`);
  const body = (await response.json()) as { attributes?: { version?: number } };
  if (response.status === 404) return 'gone';
  return body.attributes?.version ?? -1;
}

/** Looks an item up by its own vector: itself first, or (deleted) nowhere. */
async function isAnsweredRight(url: string, itemId: string, state: State, lastVersion: number): Promise<boolean> {
  const vector = vectorOf(itemId, state === 'gone' ? lastVersion : state);
  const response = await fetch(`${url}${AT}/search`, json('POST', { examples: [{ vector }], k: 10 }));
  if (!response.ok) return false;
  const { hits } = (await response.json()) as { hits: { itemId: string; similarity: number }[] };
  const found = hits.find((hit) => hit.itemId === itemId);
  return state === 'gone' ? found === undefined : hits[0]?.itemId === itemId && found!.similarity > 0.999;
}

async function verify(url: string, items: readonly Item[], tally: Tally): Promise<void> {
  for (const item of items) {
    const state = await stateOf(url, item.itemId);
    const allowed = [item.sure, ...item.maybe];
    if (!allowed.includes(state)) {
      if (item.sure === 'gone') tally.undead++;
      else tally.lost++;
    }
    const lastVersion = [...allowed].reverse().find((each) => each !== 'gone') as number | undefined;
    if (!(await isAnsweredRight(url, item.itemId, state, lastVersion ?? 0))) tally.wrong++;
    item.sure = state;
    item.maybe = [];
  }
}

/** Flips bytes in the middle of one file of one index: the cache must be noticed to be broken and made again. */
async function damageAnIndex(data: string, random: Random): Promise<boolean> {
  const indexes = join(data, 'indexes');
  const names = (await readdir(indexes).catch(() => [])).filter((name) => !name.startsWith('.')).sort();
  const newest = names.at(-1);
  if (newest === undefined) return false;
  const files = await readdir(join(indexes, newest));
  const path = join(indexes, newest, files[random.int(files.length)]!);
  const { size } = await stat(path);
  if (size === 0) return false;
  const file = await open(path, 'r+');
  await file.write(Buffer.from([0xff, 0x00, 0xff]), 0, 3, Math.floor(size / 2));
  await file.close();
  return true;
}

async function drill(rounds: number, seed: number, say: (line: string) => void): Promise<Tally> {
  const data = await mkdtemp(join(tmpdir(), 'kindred-drill-'));
  const random = new Random(seed);
  const tally: Tally = { kills: 0, faults: 0, acknowledged: 0, lost: 0, undead: 0, wrong: 0 };
  const versions = { next: 1 };
  const groups = Array.from({ length: CLIENTS }, (_, group) =>
    Array.from({ length: ITEMS_EACH }, (_each, i): Item => ({ itemId: `c${group}-${i}`, sure: 'gone', maybe: [] })),
  );
  let server: KindredServer = await startKindred({ data });
  await fetch(`${server.url}${AT}`, json('PUT', { encoder: 'none', dimension: DIMENSION }));
  try {
    for (let round = 1; round <= rounds; round++) {
      const writing = groups.map((items, i) =>
        client(server.url, items, random.fork(`${round}/${i}`), versions, tally),
      );
      if (random.chance(0.3)) {
        tally.faults++;
        void fetch(`${server.url}/v1/admin/collections/${COLLECTION}/reindex`, { method: 'POST' }).catch(
          () => undefined,
        );
      }
      await new Promise((go) => setTimeout(go, random.between(20, 900)));
      await server.kill();
      tally.kills++;
      await Promise.all(writing);
      if (random.chance(0.2) && (await damageAnIndex(data, random))) tally.faults++;
      server = await startKindred({ data });
      await verify(server.url, groups.flat(), tally);
      say(
        `round ${round}/${rounds}: ${tally.acknowledged} acknowledged, ${tally.lost} lost, ${tally.undead} undead, ${tally.wrong} wrong`,
      );
    }
  } finally {
    await server.kill();
    await rm(data, { recursive: true, force: true });
  }
  return tally;
}

const { values } = parseArgs({
  options: {
    rounds: { type: 'string', default: '200' },
    seed: { type: 'string', default: String(Number.parseInt(randomUUID().slice(0, 6), 16)) },
  },
});
process.stdout.write(`Seed ${values.seed}\n`);
const tally = await drill(Number(values.rounds), Number(values.seed), (line) => process.stdout.write(`${line}\n`));
const { kills, faults, acknowledged, lost, undead, wrong } = tally;
process.stdout.write(
  `${kills} kills, ${faults} faults, ${acknowledged} acknowledged, ${lost} lost, ${undead} undead, ${wrong} wrong answers\n`,
);
process.exitCode = lost + undead + wrong === 0 ? 0 : 1;
