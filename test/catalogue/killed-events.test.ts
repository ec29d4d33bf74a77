import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { afterEach, describe, expect, it } from 'vitest';
import { SQLITE_FILE } from '../../src/catalogue/open-catalogue.js';
import { Random } from '../../src/core/random.js';
import { type CatalogueHome, catalogueHome } from './catalogue-home.js';
import { EVENTS } from './event-process.js';
import { entriesAmiss } from './small-runs.js';
import { listen, startProcess } from './start-process.js';

const PROGRAM = new URL('./event-process.ts', import.meta.url);
const WEIGHTS = { view: 1, click: 0, cart: 0, purchase: 0, like: 0, dislike: 0, impression: 0 };

describe('programs that are killed while they add events', { timeout: 120_000 }, () => {
  let home: CatalogueHome;
  afterEach(async () => home.remove());

  it.each([
    ['', false],
    [', and runs that are merged all the time', true],
  ])('leave every batch that was acknowledged, no half of another, and counts that agree%s', async (_, smallRuns) => {
    home = await catalogueHome();
    const { events } = await home.open();
    const random = new Random(7);

    const said = await Promise.all(
      ['a', 'b', 'c'].map(async (prefix) => {
        const child = startProcess(PROGRAM, { dataFolder: home.dataFolder, prefix, smallRuns });
        const heard = listen(child);
        await heard.first;
        await pause(random.between(0, 400));
        child.kill('SIGKILL');
        await heard.gone;
        return heard.lines();
      }),
    );

    let stored = 0;
    for (const [i, prefix] of ['a', 'b', 'c'].entries()) {
      const acknowledged = said[i]!.length;
      expect(acknowledged).toBeGreaterThan(0);
      // One beyond those that were acknowledged may be on disk, whole.
      for (let batch = 0; batch <= acknowledged; batch++) {
        const there = (await events.of('default', { userId: `${prefix}${batch}` }, EVENTS + 1)).length;
        expect(batch < acknowledged ? [EVENTS] : [0, EVENTS]).toContain(there);
        stored += there;
      }
    }
    expect(await events.count('default')).toBe(stored);
    const popular = await events.popular('default', WEIGHTS, 1_000);
    expect(popular.reduce((sum, { weight }) => sum + weight, 0)).toBe(stored);
    expect(entriesAmiss(join(home.dataFolder, SQLITE_FILE))).toEqual([]);
  });
});
