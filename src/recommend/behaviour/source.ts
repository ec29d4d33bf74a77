import { setImmediate as nextTurn } from 'node:timers/promises';
import { AppError } from '../../errors.js';
import type { Histories, History } from './histories.js';
import type { RowProducts } from './products.js';
import type { LearnTower } from './tower.js';

/** Named arrays that a fitted source is made of. They are about items, by number; none of them is about a person. */
export type Parts = Readonly<Record<string, Float32Array | Uint32Array>>;

/** Something that scores every item for somebody. */
export interface Ranker {
  /**
   * Writes a score for every item into `into` ([items], whatever stood there): higher is better, and the scale is the
   * ranker's own. All equal where it knows nothing of such a history.
   */
  score(history: History, into: Float32Array): void;
  /** Does what takes long ahead of `score`, for the very history that is asked about next. */
  readonly prepare?: ((history: History) => Promise<void>) | undefined;
  /** Where the scores are the products of each item's row with one vector, so that they can be had in one go. */
  readonly factors?: { readonly rows: ItemEmbeddings; of(history: History): Float32Array };
  /** What `Source.load` makes it again of; sources without `load` have none. Throws CANCELLED. */
  readonly parts?: ((signal?: AbortSignal) => Promise<Parts>) | undefined;
}

/** Unit rows of the items by number, [items × dimension]; a row of zeros where an item has none. */
export interface ItemEmbeddings {
  readonly dimension: number;
  readonly values: Float32Array;
}

/** What is said of the items in words: item i has the `tokens[starts[i] … starts[i + 1]]`, numbers below `width`. */
export interface ItemAttributes {
  readonly width: number;
  readonly starts: Uint32Array;
  readonly tokens: Uint32Array;
}

/** What sources are fitted with beside the histories. */
export interface Given {
  readonly signal?: AbortSignal | undefined;
  readonly embeddings?: ItemEmbeddings | undefined;
  /** How many rows are multiplied fast; where it is left out they are multiplied one by one. */
  readonly products?: RowProducts | undefined;
  /** Items above which EASE is left out, where it will be stored: that takes time with their square. */
  readonly mostEaseItems?: number | undefined;
  readonly attributes?: ItemAttributes | undefined;
  /** Whether sources that are only judged are fitted too. */
  readonly judging?: boolean | undefined;
  /** Learns the behaviour model; without it there is none. */
  readonly learnTower?: LearnTower | undefined;
}

export interface FitOptions extends Given {
  /** What sources of one fit have in common is made once: by name, whoever asks first. */
  readonly shared: <T>(name: string, make: () => Promise<T>) => Promise<T>;
}

/** One way to learn from behaviour. Adding one: its file, its test, and its line in SOURCES. */
export interface Source {
  /** Whether the plain sum of standardised scores, the default while there is little evidence, counts it. */
  readonly inPlainSum: boolean;
  /** Whether its scores depend on who asks. */
  readonly personal: boolean;
  /** Whether it is only judged beside the others: never blended, stored or served. */
  readonly judgedOnly?: true;
  /** Null where it can't be fitted: no embeddings, a catalogue too large. Throws CANCELLED. */
  fit(histories: Histories, options: FitOptions): Promise<Ranker | null>;
  /** Makes a fitted source again of its parts; a source without it can't be stored, and is fitted where it is used. */
  readonly load?: (parts: Parts) => Ranker;
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

/** A ranker whose scores, [items], are the same whoever asks. */
export const sameForAll = (scores: Float32Array): Ranker => ({
  score: (_, into) => into.set(scores),
  parts: async () => ({ scores }),
});

/** What `sameForAll` is made again of. */
export function theScores({ scores }: Parts): Float32Array {
  if (!(scores instanceof Float32Array)) throw new RangeError('A ranker that is the same for all has scores.');
  return scores;
}
