import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Catalogue } from '../../src/catalogue/catalogue.js';
import { holdMarks } from '../../src/catalogue/hold-marks.js';
import { SQLITE_FILE } from '../../src/catalogue/open-catalogue.js';
import type { HoldMark, Who } from '../../src/catalogue/people-index.js';
import { openSqlite, type SqliteConnection } from '../../src/catalogue/sqlite-connection.js';
import { type CatalogueHome, catalogueHome } from './catalogue-home.js';

const C = 'shop';
const ADA = { userId: 'ada' };

describe('held marks', () => {
  let home: CatalogueHome;
  let catalogue: Catalogue;
  let reader: SqliteConnection;
  let hold: HoldMark;
  let worked: number;
  const work = async (): Promise<string> => `mark ${++worked}`;
  const mark = (who: Who = ADA, collection = C) => hold(collection, who, work);
  const add = (event: { userId?: string; sessionId?: string }, collection = C) =>
    catalogue.events.add(collection, [
      { ...event, itemId: 'apple', kind: 'click', time: 1, eventId: `${Math.random()}` },
    ]);

  beforeEach(async () => {
    home = await catalogueHome();
    catalogue = await home.open();
    for (const name of [C, 'other']) await catalogue.collections.put(name, { encoder: 'none' });
    reader = openSqlite(join(home.dataFolder, SQLITE_FILE), 'reader');
    hold = holdMarks(reader.db);
    worked = 0;
    await add({ userId: 'ada' });
  });
  afterEach(async () => {
    reader.close();
    await home.remove();
  });

  it('are worked out once while nothing is new, and again for whoever has done something, and nobody else', async () => {
    expect([await mark(), await mark()]).toEqual(['mark 1', 'mark 1']);
    await add({ userId: 'bob' });
    await add({ sessionId: 'ada' });
    await add({ userId: 'ada' }, 'other');
    expect(await mark()).toBe('mark 1');
    await add({ userId: 'ada' });
    expect([await mark(), await mark()]).toEqual(['mark 2', 'mark 2']);
  });

  it('tell a session from a user of the same name', async () => {
    expect([await mark(), await mark({ sessionId: 'ada' })]).toEqual(['mark 1', 'mark 2']);
    await add({ sessionId: 'ada' });
    expect([await mark(), await mark({ sessionId: 'ada' })]).toEqual(['mark 1', 'mark 3']);
  });

  it('are all let go of when events were taken away, and when a collection goes', async () => {
    await mark();
    await catalogue.events.remove(C, [1]);
    expect(await mark()).toBe('mark 2');
    await catalogue.collections.delete('other');
    expect(await mark()).toBe('mark 3');
  });

  it('are not held while somebody is being forgotten', async () => {
    await catalogue.events.forget(C, 'ada');
    expect([await mark(), await mark()]).toEqual(['mark 1', 'mark 2']);
  });

  it('are not held where others looked further while they were worked out', async () => {
    const slow = hold(C, ADA, async () => {
      await add({ userId: 'ada' });
      await mark({ userId: 'bob' });
      return 'of before';
    });
    expect(await slow).toBe('of before');
    expect(await mark()).toBe('mark 2');
  });

  it('are let go of where more has come than is worth looking at', async () => {
    await mark();
    const many = Array.from({ length: 2_001 }, (_, i) => ({
      userId: 'bob',
      itemId: 'pear',
      kind: 'view' as const,
      time: i,
      eventId: `many-${i}`,
    }));
    await catalogue.events.add(C, many);
    expect(await mark()).toBe('mark 2');
  });
});
