import type { Random } from '../../core/random.js';
import { type Histories, mergeTouches } from './histories.js';

/** Somebody, and what they touched that was held out. None of it is in their row of what is learnt from. */
export interface Question {
  readonly person: number;
  readonly targets: readonly number[];
}

/** What may be learnt from, and the questions about the rest; who asks is described by their row of `train`. */
export interface HeldOut {
  readonly train: Histories;
  readonly questions: readonly Question[];
}

/**
 * Each person's item that was new to them `back` places from their last new one (0: the last). What is learnt from is,
 * person by person, only what came before it. Nothing is asked of, or held out from, those with too short a history.
 */
export function holdOutLast(log: Histories, back = 0): HeldOut {
  const cuts = new Uint32Array(log.people);
  const questions: Question[] = [];
  for (let person = 0; person < log.people; person++) {
    const cut = newTouches(log, person).at(-1 - back);
    const asked = cut !== undefined && cut > log.starts[person]!;
    cuts[person] = asked ? cut : log.starts[person + 1]!;
    if (asked) questions.push({ person, targets: [log.itemAt[cut]!] });
  }
  const personAt = peopleByPosition(log);
  return { train: mergeTouches(log, (at) => at < cuts[personAt[at]!]!), questions };
}

/**
 * One moment for everybody, before which the given share of all events lies; what is asked for is the first item after
 * it that is new to the person. People with nothing before it are not asked.
 */
export function holdOutByTime(log: Histories, share: number): HeldOut {
  const times = log.timeAt.toSorted();
  const moment = times[Math.min(times.length - 1, Math.floor(times.length * share))] ?? 0;
  const questions: Question[] = [];
  for (let person = 0; person < log.people; person++) {
    if (!(log.timeAt[log.starts[person]!]! < moment) || log.starts[person] === log.starts[person + 1]) continue;
    const next = newTouches(log, person).find((at) => log.timeAt[at]! >= moment);
    if (next !== undefined) questions.push({ person, targets: [log.itemAt[next]!] });
  }
  return { train: mergeTouches(log, (at) => log.timeAt[at]! < moment), questions };
}

/** A share of each person's items, drawn by chance, with all their events: how well gaps are filled, not what is next. */
export function holdOutRandom(log: Histories, share: number, random: Random): HeldOut {
  const held = new Set<number>();
  const key = (person: number, item: number): number => person * log.items + item;
  const questions: Question[] = [];
  for (let person = 0; person < log.people; person++) {
    const touched = newTouches(log, person);
    const drawn = random.permutation(touched.length).subarray(0, Math.floor(touched.length * share));
    const targets = Array.from(drawn, (i) => log.itemAt[touched[i]!]!);
    for (const item of targets) held.add(key(person, item));
    if (targets.length > 0) questions.push({ person, targets });
  }
  const personAt = peopleByPosition(log);
  return { train: mergeTouches(log, (at) => !held.has(key(personAt[at]!, log.itemAt[at]!))), questions };
}

/** Positions at which a person first touched an item, and with interest. */
function newTouches({ starts, itemAt, weightAt }: Histories, person: number): number[] {
  const seen = new Set<number>();
  const found: number[] = [];
  for (let at = starts[person]!; at < starts[person + 1]!; at++) {
    if (seen.has(itemAt[at]!)) continue;
    seen.add(itemAt[at]!);
    if (weightAt[at]! > 0) found.push(at);
  }
  return found;
}

function peopleByPosition({ people, starts, itemAt }: Histories): Uint32Array {
  const personAt = new Uint32Array(itemAt.length);
  for (let p = 0; p < people; p++) personAt.fill(p, starts[p], starts[p + 1]);
  return personAt;
}
