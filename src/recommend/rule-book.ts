import type { Catalogue, Rule } from '../catalogue/catalogue.js';
import type { Log } from '../core/log.js';
import type { LiveItem } from '../indexing/live-index.js';
import { compileFilter } from './compile-filter.js';
import type { Filter } from './filter.js';
import { followed } from './followed.js';

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

const NONE: readonly ReadyRule[] = [];

export interface RuleBookPorts {
  readonly catalogue: {
    readonly rules: Pick<Catalogue['rules'], 'all'>;
    readonly log: Pick<Catalogue['log'], 'watch'>;
  };
  readonly log: Log;
}

/** Opens the book, and reads it anew after any commit by any process. What is hidden is hidden from the first answer on. */
export function openRuleBook({ catalogue, log }: RuleBookPorts): RuleBook {
  const rules = followed({
    what: 'rules',
    read: async () => byCollection(await catalogue.rules.all()),
    watch: catalogue.log.watch,
    log,
  });
  return {
    of: async (collection) => (await rules.now()).get(collection) ?? NONE,
    refresh: rules.refresh,
    close: rules.close,
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
