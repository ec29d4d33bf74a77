import type { Catalogue } from '../catalogue/catalogue.js';
import type { Log } from '../core/log.js';
import { followed } from './followed.js';
import type { Explore } from './planner.js';

/** How each collection explores where a request does not say, as this process follows it: asking costs a request nothing. */
export interface ExploreDefaults {
  /** Null where nothing is explored. */
  of(collection: string): Promise<Explore | null>;
  /** Resolves once this process follows what is committed by now. */
  refresh(): Promise<void>;
  close(): void;
}

export interface ExploreDefaultsPorts {
  readonly catalogue: {
    readonly collections: Pick<Catalogue['collections'], 'list'>;
    readonly log: Pick<Catalogue['log'], 'watch'>;
  };
  readonly log: Log;
}

/** Opens them, and reads them anew after any commit by any process. */
export function openExploreDefaults({ catalogue, log }: ExploreDefaultsPorts): ExploreDefaults {
  const defaults = followed({
    what: 'settings of collections',
    read: async () => new Map((await catalogue.collections.list()).map(({ name, explore }) => [name, explore])),
    watch: catalogue.log.watch,
    log,
  });
  return {
    // The edge has checked it.
    of: async (collection) => ((await defaults.now()).get(collection) ?? null) as Explore | null,
    refresh: defaults.refresh,
    close: defaults.close,
  };
}
