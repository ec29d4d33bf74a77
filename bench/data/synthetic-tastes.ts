import type { Random } from '../../src/core/random.js';
import type { PersonEvent } from '../../src/recommend/behaviour/histories.js';

/** Items a word must be said of to be somebody's taste. */
const FEWEST_ITEMS = 5;
/** Tastes somebody has, at most; at least one. */
const MOST_TASTES = 3;
/** Items somebody touches: between these. */
const [FEWEST_EVENTS, MOST_EVENTS] = [12, 24];
/** Share of what they touch that has nothing to do with their tastes. */
const NOISE = 0.2;

/** An item by what is said of it in words: never by its picture. */
export interface WordedItem {
  readonly itemId: string;
  readonly words: readonly string[];
}

/** Somebody made up, and the words that they like. */
export interface MadeUpPerson {
  readonly person: string;
  readonly tastes: readonly string[];
}

export interface MadeUpTastes {
  readonly events: readonly PersonEvent[];
  readonly people: readonly MadeUpPerson[];
}

/**
 * Made-up people over a catalogue's words. Each likes one to three words that are said of five items or more, one more
 * than another (shares of exponential draws). Four events in five are on an item that one of these words is said of, the
 * fifth on any; which one of those follows a popularity that each item has by chance (the exponential of a standard
 * normal). Nobody touches an item twice. Pictures and embeddings have no part in it.
 */
export function syntheticTastes(items: readonly WordedItem[], people: number, random: Random): MadeUpTastes {
  const fame = random.fork('fame');
  const popularity = Float64Array.from(items, () => Math.exp(fame.normal()));
  const saidOf = new Map<string, number[]>();
  for (const [item, { words }] of items.entries())
    for (const word of new Set(words)) saidOf.set(word, [...(saidOf.get(word) ?? []), item]);
  const liked = [...saidOf].filter(([, said]) => said.length >= FEWEST_ITEMS);
  const all = items.map((_, item) => item);

  const events: PersonEvent[] = [];
  const made = Array.from({ length: people }, (_, p): MadeUpPerson => {
    const own = random.fork(`person ${p}`);
    const person = `person-${p}`;
    const tastes = Array.from(own.permutation(liked.length).subarray(0, 1 + own.int(MOST_TASTES)), (at) => liked[at]!);
    const shares = tastes.map(() => -Math.log(1 - own.next()));
    const touched = new Set<number>();
    const count = FEWEST_EVENTS + own.int(MOST_EVENTS - FEWEST_EVENTS + 1);
    for (let time = 0; time < count; time++) {
      const among = own.chance(NOISE) ? all : tastes[drawn(shares, own)]![1];
      const left = among.filter((item) => !touched.has(item));
      if (left.length === 0) continue;
      const item =
        left[
          drawn(
            left.map((each) => popularity[each]!),
            own,
          )
        ]!;
      touched.add(item);
      events.push({ person, itemId: items[item]!.itemId, kind: 'view', time });
    }
    return { person, tastes: tastes.map(([word]) => word) };
  });
  return { events, people: made };
}

/** A place of the list, each as likely as its weight says. */
function drawn(weights: readonly number[], random: Random): number {
  let left = random.next() * weights.reduce((sum, weight) => sum + weight, 0);
  for (const [at, weight] of weights.entries()) {
    left -= weight;
    if (left < 0) return at;
  }
  return weights.length - 1;
}
