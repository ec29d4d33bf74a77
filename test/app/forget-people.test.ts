import { randomUUID } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { forgetPeople } from '../../src/app/forget-people.js';
import type { Catalogue } from '../../src/catalogue/catalogue.js';
import { openCatalogue, SQLITE_FILE } from '../../src/catalogue/open-catalogue.js';
import { catalogueHome } from '../catalogue/catalogue-home.js';
import { listen, startProcess } from '../catalogue/start-process.js';
import { startServer } from '../cli/start-server.js';
import { freshHome } from './drawings-folder.js';

const EVENTS = 4_000;
const WORK = { collection: 'default', holdsClaim: async () => {}, progress: () => {} };
const weights = { view: 1, click: 1, cart: 1, purchase: 1, like: 1, dislike: 1, impression: 1 };

const closers: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
});

/** Many people's events, mixed, so that the person's rows share pages with others' and pages were split between them. */
async function bring({ events }: Catalogue): Promise<void> {
  for (let start = 0; start < EVENTS; start += 1_000)
    await events.add(
      'default',
      Array.from({ length: 1_000 }, (_, i) => {
        const n = start + i;
        const theirs = n % 4 === 0;
        const who = theirs ? 'person-to-forget' : `other-${(n * 7919) % 503}`;
        return {
          itemId: theirs ? `theirs-${n % 3}` : `item-${n % 100}`,
          kind: 'view' as const,
          time: 1_600_000_000_000 + ((n * 7919) % 100_003),
          userId: who,
          sessionId: `visit-of-${who}`,
          eventId: `${(n * 7919) % 100_003}-${who}`,
        };
      }),
    );
}

/** Files of the database in which this text stands anywhere, also in pages that are free. */
const filesWith = (folder: string, text: string): string[] =>
  readdirSync(folder).filter((name) => name.startsWith(SQLITE_FILE) && readFileSync(join(folder, name)).includes(text));

async function expectForgotten({ events }: Catalogue, dataFolder: string): Promise<void> {
  expect(await events.toForget('default')).toEqual([]);
  expect((await events.history('default', 'person-to-forget', { limit: 9 })).rows).toEqual([]);
  expect(await events.of('default', { sessionId: 'visit-of-person-to-forget' }, 9)).toEqual([]);
  expect(await events.seenBy('default', { userId: 'person-to-forget' })).toEqual(new Set());
  expect(await events.count('default')).toBe((EVENTS * 3) / 4);
  const popular = await events.popular('default', weights, 1_000);
  expect(popular.map(({ itemId }) => itemId).filter((itemId) => itemId.startsWith('theirs'))).toEqual([]);
  expect(filesWith(dataFolder, 'other-7')).not.toEqual([]);
  expect(filesWith(dataFolder, 'person-to-forget')).toEqual([]);
}

describe('forgetting a person', () => {
  it('leaves nothing in answers and counts, and writes over what the files held', async () => {
    const home = await catalogueHome();
    closers.push(home.remove);
    const catalogue = await home.open();
    await bring(catalogue);
    expect(filesWith(home.dataFolder, 'person-to-forget')).not.toEqual([]);
    await catalogue.events.forget('default', 'person-to-forget');

    expect(await forgetPeople(catalogue.events, WORK)).toEqual({ people: 1, events: EVENTS / 4 });

    await expectForgotten(catalogue, home.dataFolder);
    expect(await forgetPeople(catalogue.events, WORK)).toEqual({ people: 0, events: 0 });
  });

  it('goes on where an attempt broke off, also when only the log was left to empty', async () => {
    const home = await catalogueHome();
    closers.push(home.remove);
    const catalogue = await home.open();
    await bring(catalogue);
    await catalogue.events.forget('default', 'person-to-forget');
    let steps = 0;
    const broken = forgetPeople(catalogue.events, {
      ...WORK,
      holdsClaim: async () => {
        if (++steps === 2) throw new Error('broken off');
      },
    });
    await expect(broken).rejects.toThrow('broken off');
    expect(await catalogue.events.toForget('default')).toEqual(['person-to-forget']);
    while ((await catalogue.events.dropUser('default', 'person-to-forget')) > 0);

    expect(await forgetPeople(catalogue.events, WORK)).toEqual({ people: 0, events: 0 });
    await expectForgotten(catalogue, home.dataFolder);
  });

  it('is done by a server, after a process that was at it was killed in the middle', async () => {
    const home = await freshHome();
    const open = () => openCatalogue({ dataFolder: home.data, now: Date.now, ids: randomUUID });
    const before = await open();
    await bring(before);
    await before.events.forget('default', 'person-to-forget');
    await before.close();
    const child = startProcess(new URL('./forgetting-process.ts', import.meta.url), { dataFolder: home.data });
    const heard = listen(child);
    await heard.first;
    child.kill('SIGKILL');
    await heard.gone;
    expect(heard.lines()[0]).toBe('500');

    const server = await startServer(home);
    closers.push(() => server.stop());
    const person = `${server.url}/v1/collections/default/users/person-to-forget`;
    const asked = await fetch(person, { method: 'DELETE' });
    expect(asked.status).toBe(202);
    const { jobId } = (await asked.json()) as { jobId: string };
    for (let state = ''; state !== 'succeeded'; await new Promise((go) => setTimeout(go, 100))) {
      const job = await fetch(`${server.url}/v1/admin/jobs/${jobId}`);
      ({ state } = (await job.json()) as { state: string });
      expect(['queued', 'running', 'succeeded']).toContain(state);
    }
    expect(await (await fetch(`${person}/events`)).json()).toEqual({ events: [] });
    const after = await open();
    closers.push(() => after.close());
    await expectForgotten(after, home.data);
  }, 120_000);
});
