import { writeSync } from 'node:fs';
import { openCatalogue } from '../../src/catalogue/open-catalogue.js';
import { SMALL_RUNS, writerWith } from './small-runs.js';

/** Events in each batch that the program adds. */
export const EVENTS = 700;

interface Orders {
  readonly dataFolder: string;
  readonly prefix: string;
  readonly smallRuns: boolean;
}

/** A program that adds batches of events until it is killed, and says on standard output which were acknowledged. */
async function add({ dataFolder, prefix, smallRuns }: Orders): Promise<void> {
  const runs = smallRuns ? { startWriter: writerWith({ ...SMALL_RUNS, slice: 64 }) } : {};
  const { events } = await openCatalogue({ dataFolder, now: () => Date.now(), ids: () => prefix, ...runs });
  for (let batch = 0; ; batch++) {
    const userId = `${prefix}${batch}`;
    const time = batch;
    await events.add(
      'default',
      Array.from({ length: EVENTS }, (_, i) => ({
        userId,
        sessionId: `s${i % 17}`,
        itemId: `item-${i % 90}`,
        kind: 'view',
        time,
        eventId: `${userId}:${i}`,
      })),
    );
    writeSync(1, `${userId}\n`);
  }
}

if (process.argv[2] !== undefined) void add(JSON.parse(process.argv[2]) as Orders);
