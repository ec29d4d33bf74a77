import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Release } from '../../catalogue/catalogue.js';
import { DRAFT_PREFIX } from '../../core/atomic-files.js';
import { INDEX_ID } from '../../indexing/index-manifest.js';
import { BEHAVIOUR_ID } from '../../recommend/behaviour/behaviour-files.js';
import { entriesOf, folderFacts } from './folder-facts.js';
import { HOUR_MS, type Tidying } from './tidying.js';

/** An index or a behaviour model is published before a release names it, and a draft is filled before it is one. */
const GRACE_MS = HOUR_MS;

/** Folders of one kind of artefact, each called after its id. */
interface Kind {
  readonly folder: string;
  readonly id: RegExp;
  readonly idIn: (release: Release) => string | null;
  readonly counts: 'indexes' | 'behaviours';
}

/** Removes index folders that no release of any collection names, and drafts that killed builds left. */
export const tidyIndexes = (tidying: Tidying): Promise<void> =>
  tidyFolders(tidying, {
    folder: tidying.stores.indexesFolder,
    id: INDEX_ID,
    idIn: ({ indexId }) => indexId,
    counts: 'indexes',
  });

/** The same for behaviour models. */
export const tidyBehaviours = (tidying: Tidying): Promise<void> =>
  tidyFolders(tidying, {
    folder: tidying.stores.behaviourFolder,
    id: BEHAVIOUR_ID,
    idIn: ({ behaviourId }) => behaviourId,
    counts: 'behaviours',
  });

async function tidyFolders(tidying: Tidying, { folder, id, idIn, counts }: Kind): Promise<void> {
  const { report, startedAt, dryRun } = tidying;
  const named = await namedBy(tidying, idIn);
  const idle: { name: string; sizeBytes: number }[] = [];
  for (const entry of await entriesOf(folder)) {
    const { name } = entry;
    const candidate = entry.isDirectory() && (name.startsWith(DRAFT_PREFIX) || id.test(name));
    if (!candidate || named.has(name)) continue;
    const { sizeBytes, writtenAt } = await folderFacts(join(folder, name));
    if (writtenAt < startedAt - GRACE_MS) idle.push({ name, sizeBytes });
    await tidying.pause();
  }
  if (idle.length === 0) return;
  const namedMeanwhile = await namedBy(tidying, idIn);
  for (const { name, sizeBytes } of idle) {
    if (namedMeanwhile.has(name)) continue;
    if (!dryRun) await rm(join(folder, name), { recursive: true, force: true });
    report[counts]++;
    report.freedBytes += sizeBytes;
    await tidying.pause();
  }
}

async function namedBy({ stores, goneReleases }: Tidying, idIn: Kind['idIn']): Promise<ReadonlySet<string | null>> {
  const named = new Set<string | null>();
  for (const { name } of await stores.catalogue.collections.list())
    for (const release of await stores.catalogue.releases.list(name))
      if (!goneReleases.has(release.releaseId)) named.add(idIn(release));
  return named;
}
