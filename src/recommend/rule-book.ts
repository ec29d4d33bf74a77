import type { Catalogue, Rule } from '../catalogue/catalogue.js';
import type { Log } from '../core/log.js';
import type { LiveItem } from '../indexing/live-index.js';
import { compileFilter } from './compile-filter.js';
import type { Filter } from './filter.js';

/** A rule that is ready to be asked. */
export interface ReadyRule extends Rule {
  readonly concerns: (item: LiveItem) => boolean;
}

/** The rules of every collection, as this process follows them: reading them costs a request nothing. */
export interface RuleBook {
  of(collection: string): Promise<readonly ReadyRule[]>;
  /** Resolves once this process follows what is committed by now. */
  refresh(): Promise<void>;
  close(): void;
}

/** Commits that come thick and fast are read together; well within the second in which every process must follow. */
const REFRESH_MS = 200;
const NONE: readonly ReadyRule[] = [];

export interface RuleBookPorts {
  readonly catalogue: {
    readonly rules: Pick<Catalogue['rules'], 'all'>;
    readonly log: Pick<Catalogue['log'], 'watch'>;
  };
  readonly log: Log;
}

/** Opens the book, and reads it anew after any commit by any process. */
export function openRuleBook({ catalogue, log }: RuleBookPorts): RuleBook {
  let rules: ReadonlyMap<string, readonly ReadyRule[]> | undefined;
  let soon: NodeJS.Timeout | undefined;
  let reading: Promise<void> = Promise.resolve();
  let closed = false;

  /** One reading after another, so that an older one never replaces a newer one. */
  const refresh = (): Promise<void> => {
    reading = reading
      .catch(() => undefined)
      .then(async () => {
        rules = byCollection(await catalogue.rules.all());
      });
    return reading;
  };
  const refreshSoon = (): void => {
    if (soon || closed) return;
    soon = setTimeout(() => {
      soon = undefined;
      refresh().catch((cause: unknown) => {
        log.error({ err: cause }, 'Reading the rules failed');
        refreshSoon();
      });
    }, REFRESH_MS).unref();
  };
  const unwatch = catalogue.log.watch(refreshSoon);
  return {
    async of(collection) {
      // What is hidden must be hidden from the first answer on.
      if (!rules) await refresh();
      return rules?.get(collection) ?? NONE;
    },
    refresh,
    close() {
      closed = true;
      unwatch();
      clearTimeout(soon);
    },
  };
}

function byCollection(all: readonly Rule[]): Map<string, ReadyRule[]> {
  const map = new Map<string, ReadyRule[]>();
  for (const rule of all) {
    const own = map.get(rule.collection) ?? [];
    own.push({ ...rule, concerns: concerns(rule) });
    map.set(rule.collection, own);
  }
  return map;
}

function concerns({ itemId, filter }: Rule): ReadyRule['concerns'] {
  if (itemId !== null) return (item) => item.itemId === itemId;
  // The edge has checked it.
  const holds = compileFilter((filter ?? {}) as unknown as Filter);
  return ({ attributes }) => holds(attributes);
}
