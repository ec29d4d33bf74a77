import { setImmediate as nextTurn } from 'node:timers/promises';
import { AppError } from '../../errors.js';
import type { Histories, History } from './histories.js';

/** Something that scores every item for somebody. */
export interface Ranker {
  /**
   * Writes a score for every item into `into` ([items], whatever stood there): higher is better, and the scale is the
   * ranker's own. All equal where it knows nothing of such a history.
   */
  score(history: History, into: Float32Array): void;
}

/** Unit rows of the items by number, [items × dimension]; a row of zeros where an item has none. */
export interface ItemEmbeddings {
  readonly dimension: number;
  readonly values: Float32Array;
}

export interface FitOptions {
  readonly signal?: AbortSignal | undefined;
  readonly embeddings?: ItemEmbeddings | undefined;
  /** What sources of one fit have in common is made once: by name, whoever asks first. */
  readonly shared: <T>(name: string, make: () => Promise<T>) => Promise<T>;
}

/** One way to learn from behaviour. Adding one: its file, its test, and its line in SOURCES. */
export interface Source {
  /** Whether the plain sum of standardised scores, the default while there is little evidence, counts it. */
  readonly inPlainSum: boolean;
  /** Whether its scores depend on who asks. */
  readonly personal: boolean;
  /** Null where it can't be fitted: no embeddings, a catalogue too large. Throws CANCELLED. */
  fit(histories: Histories, options: FitOptions): Promise<Ranker | null>;
}

/** Lets the event loop go round, so that a fit can be stopped. Throws CANCELLED once the signal is given. */
export async function pause(signal: AbortSignal | undefined): Promise<void> {
  await nextTurn();
  if (signal?.aborted) throw new AppError('CANCELLED', { what: 'Learning from behaviour' });
}

/** A memory for `FitOptions.shared`, for one fit. */
export function sharing(): FitOptions['shared'] {
  const made = new Map<string, Promise<unknown>>();
  return <T>(name: string, make: () => Promise<T>) => {
    const before = made.get(name) ?? make();
    made.set(name, before);
    return before as Promise<T>; // A name stands for one type: each is used with one maker.
  };
}

/** The newest `last` entries of a history, newest first: each with its weight times `decay` for every step back. */
export function decayed(
  { items, weights }: History,
  decay: number,
  last = Number.POSITIVE_INFINITY,
): { readonly item: number; readonly weight: number }[] {
  const found: { item: number; weight: number }[] = [];
  for (let step = 0; step < Math.min(last, items.length); step++) {
    const at = items.length - 1 - step;
    found.push({ item: items[at]!, weight: weights[at]! * decay ** step });
  }
  return found;
}
