import { Random } from '../src/core/random.js';
import { interval } from '../src/evaluation/interval.js';
import { type Judgement, judgeRankers } from '../src/evaluation/judge-rankers.js';
import {
  type Histories,
  type History,
  historyOf,
  mergeTouches,
  occurrencesOf,
} from '../src/recommend/behaviour/histories.js';
import type { Question } from '../src/recommend/behaviour/hold-out.js';
import { type Given, type Ranker, sharing } from '../src/recommend/behaviour/source.js';
import { SOURCES } from '../src/recommend/behaviour/sources/index.js';
import { barred, figure, type Row } from './row.js';

/** Share of the items that nobody is seen to touch, until they are asked for. */
const WITHHELD = 0.2;
/** Items of a history that are shown: the newest before what is asked for. */
export const SHOWN = [0, 1, 3, 10] as const;

/** A fifth of all items withheld from all events, and the question of whoever touched one: their last such touch. */
export interface ColdItems {
  readonly log: Histories;
  /** [items]; 1 where it is withheld. */
  readonly withheld: Uint8Array;
  /** All events on items that are not withheld. */
  readonly train: Histories;
  readonly questions: readonly Question[];
  /** Whoever asks, by the newest so many items before the question: the same object each time. */
  historiesOf(shown: number): (person: number) => History;
}

export function withholdItems(log: Histories, random: Random): ColdItems {
  const withheld = Uint8Array.from({ length: log.items }, () => (random.chance(WITHHELD) ? 1 : 0));
  const seen = (at: number): boolean => withheld[log.itemAt[at]!] === 0;
  const { cutAt, questions } = lastWithheld(log, withheld);
  const before = mergeTouches(log, (at) => seen(at) && at < cutAt(at));
  return {
    log,
    withheld,
    train: mergeTouches(log, seen),
    questions,
    historiesOf(shown) {
      const made = new Map<number, History>();
      return (person) => {
        const { items, weights } = historyOf(before, person);
        const from = Math.max(0, items.length - shown);
        const history = made.get(person) ?? { items: items.subarray(from), weights: weights.subarray(from) };
        made.set(person, history);
        return history;
      };
    },
  };
}

/** Judges rankers by what they make of the withheld items among themselves. */
export function judgeCold<Name extends string>(
  { log, withheld, train, questions }: ColdItems,
  rankers: ReadonlyMap<Name, Ranker>,
  historyOf: (person: number) => History,
): ReadonlyMap<Name, Judgement> {
  const { starts } = occurrencesOf(train);
  const touchedBy = Uint32Array.from({ length: log.items }, (_, i) => starts[i + 1]! - starts[i]!);
  const among = (ranker: Ranker): Ranker => ({
    score(history, into) {
      ranker.score(history, into);
      for (let i = 0; i < into.length; i++) if (!withheld[i]) into[i] = Number.NEGATIVE_INFINITY;
    },
  });
  const narrow = new Map([...rankers].map(([name, ranker]) => [name, among(ranker)]));
  return judgeRankers(narrow, { items: log.items, people: log.people, questions, touchedBy, historyOf });
}

/** Scores drawn once: what no knowledge finds. */
export function chanceOf(items: number, random: Random): Ranker {
  const scores = Float32Array.from({ length: items }, () => random.next());
  return { score: (_, into) => into.set(scores) };
}

/**
 * New items: a fifth of all is withheld from all events, and ranked among themselves for people who touched one of them;
 * the question is each person's last. The behaviour model knows them by what is given of them alone.
 */
export async function coldItems(set: string, log: Histories, seed: number, given: Given): Promise<readonly Row[]> {
  const random = new Random(seed).fork('cold items');
  const cold = withholdItems(log, random);
  const options = { ...given, shared: sharing() };
  const rankers = new Map<string, Ranker>([['chance', chanceOf(log.items, random.fork('chance'))]]);
  for (const name of ['popularity', 'content', 'tower'] as const) {
    const ranker = await SOURCES[name].fit(cold.train, options);
    if (ranker) rankers.set(name, ranker);
  }
  const rows: Row[] = [];
  for (const shown of SHOWN) {
    const judged = judgeCold(cold, rankers, cold.historiesOf(shown));
    for (const [name, { hitRate }] of judged) {
      const found = interval(hitRate, new Random(seed).fork('interval'));
      rows.push(figure(`${set}/new-items/${shown}-events/${name}/hr@10`, found.mean, 'share', found));
    }
    if (shown === 0) continue; // without a history nothing is known of whom to show what is new
    for (const other of ['chance', 'popularity']) {
      const [own, its] = ['tower', other].map((name) => judged.get(name)!.hitRate);
      const more = interval(
        own!.map((value, i) => value - its![i]!),
        new Random(seed).fork('interval'),
      );
      const what = `${set}/new-items/${shown}-events/tower-vs-${other}/hr@10`;
      rows.push(barred(what, more.mean, 'difference', '>=', 0, more));
    }
  }
  return rows;
}

/** Each person's last touch of a withheld item before which there is another: where it stands, and what was touched. */
function lastWithheld({ people, starts, itemAt }: Histories, withheld: Uint8Array) {
  const cuts = new Map<number, number>();
  const personAt = new Uint32Array(itemAt.length);
  const questions: Question[] = [];
  for (let person = 0; person < people; person++) {
    personAt.fill(person, starts[person], starts[person + 1]);
    const touched = itemAt.subarray(starts[person], starts[person + 1]);
    const last = touched.findLastIndex((item) => withheld[item] === 1);
    if (last < 0 || !touched.subarray(0, last).some((item) => withheld[item] === 0)) continue;
    cuts.set(person, starts[person]! + last);
    questions.push({ person, targets: [touched[last]!] });
  }
  return { questions, cutAt: (at: number) => cuts.get(personAt[at]!) ?? 0 };
}
