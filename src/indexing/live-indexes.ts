import type { Catalogue, Collection } from '../catalogue/catalogue.js';
import { AppError } from '../errors.js';
import { LiveCollection, type LiveCollectionOptions } from './live-collection.js';
import type { LiveIndexes } from './live-index.js';

/** How long a request waits for a collection that has just been seen before it is told to come again. */
const PATIENCE_MS = 2000;
const REFRESH_MS = 200;
const RETRY_MS = 250;

export interface LiveIndexesOptions extends LiveCollectionOptions {
  readonly catalogue: Pick<Catalogue, 'embeddings' | 'log' | 'items' | 'releases' | 'collections'>;
}

export interface OpenLiveIndexes extends LiveIndexes {
  /** A collection as the catalogue has it by now: whoever has just read it may know better than the last listing. */
  noticed(collection: Collection): void;
  /** Resolves once none of these items waits for an embedding that the follower makes. */
  mended(collection: string, itemIds: readonly string[]): Promise<void>;
}

const same = (a: Collection, b: Collection): boolean => a.createdAt === b.createdAt && a.encoder === b.encoder;

/** Opens every collection, and follows the log of all of them with one watch. */
export function openLiveIndexes(options: LiveIndexesOptions): OpenLiveIndexes {
  const { catalogue, log } = options;
  const open = new Map<string, LiveCollection>();
  let listed = false;
  let closed = false;
  let refreshing: NodeJS.Timeout | undefined;

  function begin(collection: Collection): LiveCollection {
    const known = open.get(collection.name);
    if (known && same(known.collection, collection)) return known;
    known?.close();
    const live = new LiveCollection(collection, options);
    open.set(collection.name, live);
    void live.open();
    return live;
  }

  function drop(name: string): void {
    open.get(name)?.close();
    open.delete(name);
  }

  async function refresh(): Promise<void> {
    const collections = await catalogue.collections.list();
    if (closed) return;
    const names = new Set(collections.map(({ name }) => name));
    for (const name of [...open.keys()]) if (!names.has(name)) drop(name);
    for (const collection of collections) begin(collection);
    listed = true;
  }

  function refreshSoon(delayMs: number): void {
    if (closed || refreshing) return;
    refreshing = setTimeout(() => {
      refreshing = undefined;
      refresh().catch((cause: unknown) => {
        log.error({ err: cause }, 'Listing the collections failed');
        refreshSoon(RETRY_MS);
      });
    }, delayMs).unref();
  }

  const unwatch = catalogue.log.watch(() => {
    for (const live of open.values()) live.wake();
    refreshSoon(REFRESH_MS);
  });
  refreshSoon(0);

  async function find(name: string): Promise<LiveCollection> {
    const known = open.get(name);
    if (known) return known;
    const collection = await catalogue.collections.get(name);
    if (!collection || closed) throw new AppError('COLLECTION_NOT_FOUND', { collection: name });
    return begin(collection);
  }

  return {
    async get(name) {
      const live = await find(name);
      if (!live.ready) {
        let patience: NodeJS.Timeout | undefined;
        const late = new Promise<void>((resume) => {
          patience = setTimeout(resume, PATIENCE_MS).unref();
        });
        await Promise.race([live.untilReady(), late]).finally(() => clearTimeout(patience));
      }
      if (!live.ready) throw new AppError('NOT_READY', { why: `Collection "${name}" is still loading.` });
      return live.view;
    },
    pending() {
      if (!listed) return 'The collections are still being listed.';
      const loading = [...open.values()].filter((live) => !live.ready).map(({ collection }) => collection.name);
      return loading.length === 0 ? null : `Still loading: ${loading.join(', ')}.`;
    },
    noticed(collection) {
      if (!closed) begin(collection);
    },
    async mended(name, itemIds) {
      await open.get(name)?.mended(itemIds);
    },
    async close() {
      closed = true;
      unwatch();
      clearTimeout(refreshing);
      for (const name of [...open.keys()]) drop(name);
    },
  };
}
