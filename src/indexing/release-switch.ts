import { join } from 'node:path';
import type { Catalogue, Release } from '../catalogue/catalogue.js';
import type { Progress } from '../core/progress.js';
import { AppError } from '../errors.js';
import { verifyStoreFiles } from '../store/store-files.js';
import { embedMissing, type Skipped } from './embed-missing.js';
import type { Embedders } from './embedder.js';
import { type IndexManifest, readIndexManifest } from './index-manifest.js';
import { readWhitening } from './index-whitening.js';
import { BROUGHT } from './track.js';

export interface ReleaseSwitchOptions {
  readonly catalogue: Pick<Catalogue, 'releases' | 'embeddings'>;
  readonly embedders: Pick<Embedders, 'get'>;
  readonly indexesFolder: string;
  readonly readBlob: (content: string) => Promise<Uint8Array | undefined>;
}

export interface ActivateOptions {
  /** The release that was active when the caller decided (null: none). Absent: whichever is. */
  readonly expected?: string | null;
  readonly progress?: Progress;
  readonly signal?: AbortSignal;
  /** Asked right before the switch; throws CLAIM_LOST or CANCELLED. */
  readonly holdsClaim?: () => Promise<void>;
}

export interface Switched {
  readonly release: Release;
  readonly outcome: 'activated' | 'already-active' | 'moved-on';
  readonly embedded: number;
  readonly skipped: Skipped;
}

export interface ReleaseSwitch {
  /**
   * Makes a release the one that is served. Going forward and going back are the same call. The index's files match
   * their hashes, the model opens, and every item is embedded by it, or nothing moves.
   * Throws RELEASE_NOT_FOUND, INDEX_NOT_FOUND, INDEX_DAMAGED, MODEL_NOT_FOUND, MODEL_DAMAGED, CANCELLED.
   */
  activate(releaseId: string, options?: ActivateOptions): Promise<Switched>;
}

export function createReleaseSwitch(options: ReleaseSwitchOptions): ReleaseSwitch {
  const { catalogue, embedders, indexesFolder, readBlob } = options;
  const never = new AbortController().signal;

  async function verifiedManifest({ indexId, modelId, collection }: Release): Promise<IndexManifest> {
    const manifest = await readIndexManifest(indexesFolder, indexId);
    if (manifest.modelId !== modelId || manifest.collection !== collection)
      throw new AppError('INDEX_DAMAGED', { indexId, why: 'it belongs to another model or collection.' });
    await readWhitening(indexesFolder, indexId, manifest.whitening);
    if (manifest.store) await verifyStoreFiles(join(indexesFolder, indexId), manifest.store);
    return manifest;
  }

  return {
    async activate(releaseId, { progress = () => {}, signal = never, holdsClaim = async () => {}, ...given } = {}) {
      const release = await catalogue.releases.get(releaseId);
      if (!release) throw new AppError('RELEASE_NOT_FOUND', { releaseId });
      const { collection, modelId } = release;
      await verifiedManifest(release);
      const { embedded, skipped } =
        modelId === BROUGHT
          ? { embedded: 0, skipped: { count: 0, named: [] } }
          : await embedMissing({
              catalogue,
              collection,
              embedder: await embedders.get(modelId),
              readBlob,
              progress,
              signal,
            });
      await holdsClaim();
      for (;;) {
        const expected =
          given.expected === undefined
            ? ((await catalogue.releases.active(collection))?.releaseId ?? null)
            : given.expected;
        const outcome = await catalogue.releases.activate(releaseId, expected);
        if (outcome === 'moved-on' && given.expected === undefined) continue; // somebody was faster; the last one wins
        return { release: (await catalogue.releases.get(releaseId)) ?? release, outcome, embedded, skipped };
      }
    },
  };
}
