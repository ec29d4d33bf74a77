import { type Contestant, type JudgedProtocol, judgeProtocol } from '../src/app/judge-protocol.js';
import { Random } from '../src/core/random.js';
import { type Interval, interval } from '../src/evaluation/interval.js';
import { codeEvents } from '../src/recommend/behaviour/histories.js';
import { baskets } from './data/baskets.js';
import { movielens } from './data/movielens.js';
import type { BenchOptions } from './main.js';
import { barred, figure, type Row } from './row.js';

/** Ratings below which a film is left out. */
const FEWEST = 5;

/** MovieLens-small without its rare films; a person's ratings of the same second stand in an order drawn by chance. */
async function openMovielens(seed: number, say: (line: string) => void) {
  const ratings = await movielens(say);
  const counts = new Map<string, number>();
  for (const { itemId } of ratings) counts.set(itemId, (counts.get(itemId) ?? 0) + 1);
  const kept = ratings.filter(({ itemId }) => counts.get(itemId)! >= FEWEST);
  const events = kept.map(({ person, itemId, time }) => ({ person, itemId, time, kind: 'view' }));
  return codeEvents(events, { weights: { view: 1 }, ties: new Random(seed).fork('ties') }).log;
}

const row = ({ rows }: JudgedProtocol, what: Contestant) => rows.find((each) => each.what === what)!;

function figures(set: string, judged: JudgedProtocol): Row[] {
  return judged.rows.flatMap(({ what, hitRate, gain }) => [
    figure(`${set}/${what}/hr@10`, hitRate.mean, 'share', hitRate),
    figure(`${set}/${what}/ndcg@10`, gain.mean, 'NDCG', gain),
  ]);
}

/** HR@10 of one less that of another on the same people: it holds where the interval does not lie wholly below 0. */
function atLeast(what: string, judged: JudgedProtocol, one: Contestant, other: Contestant): Row {
  const [a, b] = [judged.perPerson.get(one)!.hitRate, judged.perPerson.get(other)!.hitRate];
  const { mean, low, high }: Interval = interval(
    a.map((value, i) => value - b[i]!),
    new Random(1),
  );
  return { ...figure(what, mean, 'difference', { low, high }), bar: 0, direction: '>=', holds: high >= 0 };
}

/** Recommendation from behaviour: films by the last three of each person and by a random fifth, baskets, cold starts. */
export async function recommend({ seed, say }: BenchOptions): Promise<readonly Row[]> {
  const films = await openMovielens(seed, say);
  say(
    `movielens: ${films.people} people, ${films.items} films, ${films.itemAt.length} ratings; the last three of each`,
  );
  const last = await judgeProtocol(films, 'last-three');
  say('movielens: a random fifth');
  const random = await judgeProtocol(films, 'random');
  const bought = codeEvents(await baskets(say), {
    weights: { purchase: 1 },
    ties: new Random(seed).fork('baskets'),
  }).log;
  say(`baskets: ${bought.people} baskets, ${bought.items} departments; one of each`);
  const basket = await judgeProtocol(bought, 'last');
  say('movielens: people of whom nothing, or one film, is known');
  const nothing = await judgeProtocol(films, 'last', { shownHistory: 0, blend: last.blends[0] });
  const one = await judgeProtocol(films, 'last', { shownHistory: 1, blend: last.blends[0] });
  return [
    ...figures('movielens', last),
    barred('movielens/plain-sum/bar', row(last, 'plain-sum').hitRate.mean, 'share', '>=', 0.16),
    atLeast('movielens/blend-vs-plain-sum/hr@10', last, 'blend', 'plain-sum'),
    ...figures('movielens-random', random),
    atLeast('movielens-random/blend-vs-ease-whole/hr@10', random, 'blend', 'ease-whole'),
    ...figures('baskets', basket),
    atLeast('baskets/blend-vs-ease/hr@10', basket, 'blend', 'ease'),
    figure('cold-start/no-history/hr@10', row(nothing, 'blend').hitRate.mean, 'share', row(nothing, 'blend').hitRate),
    figure('cold-start/one-event/hr@10', row(one, 'blend').hitRate.mean, 'share', row(one, 'blend').hitRate),
    figure('cold-start/popularity/hr@10', row(one, 'popularity').hitRate.mean, 'share', row(one, 'popularity').hitRate),
  ];
}
