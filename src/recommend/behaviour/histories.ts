import type { Random } from '../../core/random.js';

/**
 * What people did, coded: items are the numbers below `items`, and person p's entries stand at the positions
 * `starts[p]` to `starts[p + 1]`, oldest to newest. Never changed once it is made.
 */
export interface Histories {
  readonly items: number;
  readonly people: number;
  /** [people + 1] */
  readonly starts: Uint32Array;
  /** [entries] */
  readonly itemAt: Uint32Array;
  /** [entries]; what the kind of event says: more than 0 for interest, below 0 for a dislike, never 0. */
  readonly weightAt: Float32Array;
  /** [entries], epoch milliseconds */
  readonly timeAt: Float64Array;
}

/** What one person touched, oldest to newest, each item once. */
export interface History {
  readonly items: Uint32Array;
  readonly weights: Float32Array;
}

/** One event of somebody, whatever names that person: a user or a session. */
export interface PersonEvent {
  readonly person: string;
  readonly itemId: string;
  readonly kind: string;
  /** Epoch milliseconds. */
  readonly time: number;
}

export interface CodeOptions {
  /** What one event of each kind says; kinds of weight 0, or that are not listed, are left out. */
  readonly weights: Readonly<Record<string, number>>;
  /** Items that have a number whether or not anybody touched them: the catalogue. */
  readonly itemIds?: readonly string[];
  /** Breaks ties in a person's times; without it the order given decides. */
  readonly ties?: Random;
}

export interface CodedEvents {
  /** Every event, so an item may stand in a person's row more than once. */
  readonly log: Histories;
  /** Item number to id, person's number to name. */
  readonly itemIds: readonly string[];
  readonly people: readonly string[];
}

/** Numbers items and people in order of appearance, and sorts the events by person and time. */
export function codeEvents(events: Iterable<PersonEvent>, options: CodeOptions): CodedEvents {
  const items = numbering(options.itemIds ?? []);
  const people = numbering([]);
  const rows: { person: number; item: number; kind: string; weight: number; time: number; tie: number }[] = [];
  for (const { person, itemId, kind, time } of events) {
    const weight = options.weights[kind] ?? 0;
    if (weight === 0) continue;
    const tie = options.ties?.next() ?? rows.length;
    rows.push({ person: people.of(person), item: items.of(itemId), kind, weight, time, tie });
  }
  rows.sort((a, b) => a.person - b.person || a.time - b.time || a.tie - b.tie);
  holdDislikes(rows);
  const starts = new Uint32Array(people.names.length + 1);
  for (const { person } of rows) starts[person + 1]!++;
  for (let p = 0; p < people.names.length; p++) starts[p + 1]! += starts[p]!;
  const log: Histories = {
    items: items.names.length,
    people: people.names.length,
    starts,
    itemAt: Uint32Array.from(rows, (row) => row.item),
    weightAt: Float32Array.from(rows, (row) => row.weight),
    timeAt: Float64Array.from(rows, (row) => row.time),
  };
  return { log, itemIds: items.names, people: people.names };
}

/** Looking at what one dislikes is no interest: until it is liked, every event on it says what the dislike said. */
function holdDislikes(rows: { person: number; item: number; kind: string; weight: number }[]): void {
  let disliked = new Map<number, number>();
  rows.forEach((row, at) => {
    if (row.person !== rows[at - 1]?.person) disliked = new Map();
    if (row.weight < 0) disliked.set(row.item, row.weight);
    else if (row.kind === 'like') disliked.delete(row.item);
    row.weight = disliked.get(row.item) ?? row.weight;
  });
}

function numbering(known: readonly string[]) {
  const numbers = new Map<string, number>();
  const names: string[] = [];
  const of = (name: string): number => {
    let number = numbers.get(name);
    if (number === undefined) {
      number = names.length;
      numbers.set(name, number);
      names.push(name);
    }
    return number;
  };
  for (const name of known) of(name);
  return { names, of };
}

/**
 * Each item once a person: at its newest event, with the weight of its strongest, or of the dislike where that is the
 * last word. Only of positions that `keeps` lets in.
 */
export function mergeTouches(log: Histories, keeps: (position: number) => boolean = () => true): Histories {
  const starts = new Uint32Array(log.people + 1);
  const kept: number[] = [];
  const weights: number[] = [];
  for (let p = 0; p < log.people; p++) {
    const said = new Map<number, number>();
    const newestFirst: number[] = [];
    for (let at = log.starts[p + 1]! - 1; at >= log.starts[p]!; at--) {
      if (!keeps(at)) continue;
      const [item, weight] = [log.itemAt[at]!, log.weightAt[at]!];
      const before = said.get(item);
      if (before === undefined) newestFirst.push(at);
      if (before === undefined || (before > 0 && weight > before)) said.set(item, weight);
    }
    for (const at of newestFirst.reverse()) {
      kept.push(at);
      weights.push(said.get(log.itemAt[at]!)!);
    }
    starts[p + 1] = kept.length;
  }
  return {
    items: log.items,
    people: log.people,
    starts,
    itemAt: Uint32Array.from(kept, (at) => log.itemAt[at]!),
    weightAt: Float32Array.from(weights),
    timeAt: Float64Array.from(kept, (at) => log.timeAt[at]!),
  };
}

/** One person's row. */
export function historyOf({ starts, itemAt, weightAt }: Histories, person: number): History {
  const [from, to] = [starts[person]!, starts[person + 1]!];
  return { items: itemAt.subarray(from, to), weights: weightAt.subarray(from, to) };
}

/** Where each item stands: the positions of item i are `positions[starts[i] … starts[i + 1]]`, and whose they are. */
export interface Occurrences {
  readonly starts: Uint32Array;
  readonly positions: Uint32Array;
  readonly personAt: Uint32Array;
}

/** The histories turned round, entries of interest only: dislikes count for nobody else. */
export function occurrencesOf({ items, people, starts, itemAt, weightAt }: Histories): Occurrences {
  const ends = new Uint32Array(items + 1);
  for (let at = 0; at < itemAt.length; at++) if (weightAt[at]! > 0) ends[itemAt[at]! + 1]!++;
  for (let i = 0; i < items; i++) ends[i + 1]! += ends[i]!;
  const next = ends.slice();
  const positions = new Uint32Array(ends[items]!);
  const personAt = new Uint32Array(ends[items]!);
  for (let p = 0; p < people; p++) {
    for (let at = starts[p]!; at < starts[p + 1]!; at++) {
      if (weightAt[at]! <= 0) continue;
      const to = next[itemAt[at]!]!++;
      positions[to] = at;
      personAt[to] = p;
    }
  }
  return { starts: ends, positions, personAt };
}
