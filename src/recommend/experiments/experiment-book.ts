import type { Catalogue, Experiment, Variant } from '../../catalogue/catalogue.js';
import type { Log } from '../../core/log.js';
import { meets } from '../choose-strategy.js';
import { followed } from '../followed.js';
import { STRATEGIES } from '../index.js';
import { type Somebody, variantOf } from './variant-of.js';

/** What a request says of whom and what it is for. */
export interface TakingPart {
  readonly who?: Somebody;
  readonly context?: string;
  readonly examples: readonly unknown[];
}

export interface Part {
  readonly experiment: string;
  readonly variant: Variant;
}

/** The experiments of every collection, as this process follows them. */
export interface ExperimentBook {
  /**
   * The variant that a request belongs to; null where no experiment is active, where it names nobody, and where the
   * strategy of any variant needs what it does not name: then it is of no use for comparing them.
   */
  partOf(collection: string, request: TakingPart): Promise<Part | null>;
  /** Resolves once this process follows what is committed by now. */
  refresh(): Promise<void>;
  close(): void;
}

export interface ExperimentBookPorts {
  readonly catalogue: {
    readonly experiments: Pick<Catalogue['experiments'], 'all'>;
    readonly log: Pick<Catalogue['log'], 'watch'>;
  };
  /** Epoch milliseconds. */
  readonly now: () => number;
  readonly log: Log;
}

/** Opens the book, and reads it anew after any commit by any process. */
export function openExperimentBook({ catalogue, now, log }: ExperimentBookPorts): ExperimentBook {
  const experiments = followed({
    what: 'experiments',
    read: () => catalogue.experiments.all(),
    watch: catalogue.log.watch,
    log,
  });
  return {
    async partOf(collection, request) {
      if (request.who === undefined) return null;
      const all = await experiments.now();
      const active = all.find((each) => each.collection === collection && isActive(each, now()));
      if (!active || !mayTakePart(active, request)) return null;
      return { experiment: active.name, variant: variantOf(active, request.who) };
    },
    refresh: experiments.refresh,
    close: experiments.close,
  };
}

export const isActive = ({ from, until }: Experiment, now: number): boolean =>
  from <= now && (until === null || now < until);

function mayTakePart({ variants }: Experiment, request: TakingPart): boolean {
  const given = meets(request);
  return variants.every(({ request: { strategy } }) => {
    const needs = typeof strategy === 'string' ? STRATEGIES[strategy]?.needs : undefined;
    return needs === undefined || given[needs];
  });
}
