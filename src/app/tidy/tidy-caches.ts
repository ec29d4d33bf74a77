import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { PIXELS_SUFFIX } from '../../images/pixel-cache.js';
import { entriesOf, factsOf, folderFacts } from './folder-facts.js';
import { DAY_MS, type Tidying } from './tidying.js';

/** What can be made again goes after so long without use. */
const UNUSED_MS = 30 * DAY_MS;

/** Files of prepared pixels that no training has read or written for a month. Their folders stay. */
export async function tidyPixels(tidying: Tidying, samplesFolder: string): Promise<void> {
  const { report, startedAt, dryRun } = tidying;
  for (const kind of await entriesOf(samplesFolder)) {
    if (!kind.isDirectory()) continue;
    for (const { name } of await entriesOf(join(samplesFolder, kind.name))) {
      await tidying.pause();
      const path = join(samplesFolder, kind.name, name);
      const facts = name.endsWith(PIXELS_SUFFIX) ? await factsOf(path) : undefined;
      if (!facts || Math.max(facts.atimeMs, facts.mtimeMs) > startedAt - UNUSED_MS) continue;
      if (!dryRun) await rm(path, { force: true });
      report.preparedPixels++;
      report.freedBytes += facts.size;
    }
  }
}

/**
 * Checkpoints that nobody has gone on with for a month. A run that ends well removes its own, and one that goes on
 * writes every few minutes; what a stopped or failed run left is what `--resume` and the next job go on from.
 */
export async function tidyCheckpoints(tidying: Tidying, checkpointsFolder: string): Promise<void> {
  const { report, startedAt, dryRun } = tidying;
  for (const entry of await entriesOf(checkpointsFolder)) {
    await tidying.pause();
    if (!entry.isDirectory()) continue;
    const folder = join(checkpointsFolder, entry.name);
    const { sizeBytes, writtenAt } = await folderFacts(folder);
    if (writtenAt > startedAt - UNUSED_MS) continue;
    if (!dryRun) await rm(folder, { recursive: true, force: true });
    report.checkpoints++;
    report.freedBytes += sizeBytes;
  }
}
