import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { DRAFT_PREFIX } from '../../core/atomic-files.js';
import { INDEX_ID } from '../../indexing/index-manifest.js';
import { entriesOf, folderFacts } from './folder-facts.js';
import { HOUR_MS, type Tidying } from './tidying.js';

/** An index is published before a release names it, and a draft is filled before it is an index. */
const GRACE_MS = HOUR_MS;

/** Removes index folders that no release of any collection names, and drafts that killed builds left. */
export async function tidyIndexes(tidying: Tidying): Promise<void> {
  const { stores, report, startedAt, dryRun } = tidying;
  const named = await namedIndexes(tidying);
  const idle: { name: string; sizeBytes: number }[] = [];
  for (const entry of await entriesOf(stores.indexesFolder)) {
    const { name } = entry;
    const candidate = entry.isDirectory() && (name.startsWith(DRAFT_PREFIX) || INDEX_ID.test(name));
    if (!candidate || named.has(name)) continue;
    const { sizeBytes, writtenAt } = await folderFacts(join(stores.indexesFolder, name));
    if (writtenAt < startedAt - GRACE_MS) idle.push({ name, sizeBytes });
    await tidying.pause();
  }
  if (idle.length === 0) return;
  const namedMeanwhile = await namedIndexes(tidying);
  for (const { name, sizeBytes } of idle) {
    if (namedMeanwhile.has(name)) continue;
    if (!dryRun) await rm(join(stores.indexesFolder, name), { recursive: true, force: true });
    report.indexes++;
    report.freedBytes += sizeBytes;
    await tidying.pause();
  }
}

async function namedIndexes({ stores, goneReleases }: Tidying): Promise<ReadonlySet<string>> {
  const named = new Set<string>();
  for (const { name } of await stores.catalogue.collections.list())
    for (const { releaseId, indexId } of await stores.catalogue.releases.list(name))
      if (!goneReleases.has(releaseId)) named.add(indexId);
  return named;
}
