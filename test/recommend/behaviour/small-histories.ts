import { Random } from '../../../src/core/random.js';
import { codeEvents, type Histories, type History } from '../../../src/recommend/behaviour/histories.js';
import { type FitOptions, type Ranker, type Source, sharing } from '../../../src/recommend/behaviour/source.js';

/** Histories of which each row is one person's items by number, oldest first, a second apart; all weigh 1. */
export function historiesOf(rows: readonly (readonly number[])[], items: number): Histories {
  const itemIds = Array.from({ length: items }, (_, i) => String(i));
  const events = rows.flatMap((row, p) =>
    row.map((item, at) => ({ person: String(p), itemId: String(item), kind: 'view', time: 1000 * at })),
  );
  return codeEvents(events, { weights: { view: 1 }, itemIds }).log;
}

/** `people` rows in which item i is mostly followed by i + 1, round a circle of `items`. */
export function circleRows(people: number, items: number, length: number, seed = 1): number[][] {
  const random = new Random(seed);
  return Array.from({ length: people }, () => {
    const row: number[] = [];
    let item = random.int(items);
    while (row.length < length) {
      if (!row.includes(item)) row.push(item);
      item = random.chance(0.8) ? (item + 1) % items : random.int(items);
    }
    return row;
  });
}

export const history = (items: readonly number[], weights = items.map(() => 1)): History => ({
  items: Uint32Array.from(items),
  weights: Float32Array.from(weights),
});

export const options = (more: Partial<FitOptions> = {}): FitOptions => ({ shared: sharing(), ...more });

export function scoresOf(ranker: Ranker, of: History, items: number): number[] {
  const into = new Float32Array(items).fill(7); // whatever stood there is written over
  ranker.score(of, into);
  return [...into];
}

export async function fitted(source: Source, histories: Histories, more: Partial<FitOptions> = {}): Promise<Ranker> {
  const ranker = await source.fit(histories, options(more));
  if (!ranker) throw new Error('Expected a ranker.');
  return ranker;
}
