import type { Collection, Release } from '../../catalogue/catalogue.js';
import { AppError } from '../../errors.js';
import { readIndexManifest } from '../../indexing/index-manifest.js';
import { keptReleases } from '../../indexing/kept-releases.js';
import { BROUGHT } from '../../indexing/track.js';
import { DAY_MS, type Tidying } from './tidying.js';

/** A collection's rows: releases that are not kept, the log that kept indexes contain, embeddings of dropped models. */
export async function tidyCollection(tidying: Tidying, collection: Collection, keepMs: number): Promise<void> {
  const { catalogue } = tidying.stores;
  const idleSince = tidying.startedAt - keepMs;
  const releases = await catalogue.releases.list(collection.name);
  const kept = keptReleases(releases, idleSince);
  const releaseIds = releases.map(({ releaseId }) => releaseId).filter((releaseId) => !kept.has(releaseId));
  const gone = tidying.dryRun
    ? releaseIds
    : await catalogue.releases.remove(collection.name, { releaseIds, idleSince });
  for (const releaseId of gone) tidying.goneReleases.add(releaseId);
  tidying.report.releases += gone.length;

  const standing = releases.filter(({ releaseId }) => !gone.includes(releaseId));
  await tidying.pause();
  await compactLog(tidying, collection, standing);
  await dropEmbeddings(tidying, collection, standing);
}

async function compactLog(tidying: Tidying, { name }: Collection, standing: readonly Release[]): Promise<void> {
  const { catalogue, indexesFolder } = tidying.stores;
  const through = await oldestRevision(indexesFolder, standing);
  if (through === undefined || through <= (await catalogue.log.compactedThrough(name))) return;
  tidying.report.compacted += tidying.dryRun
    ? await catalogue.log.compactable(name, through)
    : await catalogue.log.compact(name, through);
}

/** The revision that every kept index contains; undefined where there are none, or one does not say. */
async function oldestRevision(indexesFolder: string, releases: readonly Release[]): Promise<number | undefined> {
  let oldest: number | undefined;
  for (const { indexId } of releases) {
    try {
      const { revision } = await readIndexManifest(indexesFolder, indexId);
      oldest = Math.min(oldest ?? revision, revision);
    } catch (cause) {
      if (cause instanceof AppError) return undefined;
      throw cause;
    }
  }
  return oldest;
}

async function dropEmbeddings(tidying: Tidying, collection: Collection, standing: readonly Release[]): Promise<void> {
  const { embeddings } = tidying.stores.catalogue;
  const named = new Set([
    BROUGHT,
    collection.encoder,
    await tidying.stores.embedders.defaultModelId(),
    ...standing.map(({ modelId }) => modelId),
  ]);
  for (const modelId of await embeddings.models(collection.name)) {
    if (named.has(modelId)) continue;
    if (tidying.dryRun) tidying.report.embeddings += await embeddings.count(collection.name, modelId);
    else await dropAll(tidying, collection.name, modelId);
  }
}

async function dropAll(tidying: Tidying, collection: string, modelId: string): Promise<void> {
  const { embeddings } = tidying.stores.catalogue;
  for (;;) {
    // A build that began within the day has no release yet.
    const dropped = await embeddings.drop(collection, modelId, tidying.startedAt - DAY_MS);
    if (dropped === 0) return;
    tidying.report.embeddings += dropped;
    await tidying.pause();
  }
}
