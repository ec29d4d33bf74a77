import { type Contestant, type JudgedProtocol, judgeProtocol } from '../src/app/judge-protocol.js';
import { createLearnTower } from '../src/app/learn-tower.js';
import { rememberTowers } from '../src/app/remember-towers.js';
import { openWorld } from '../src/cli/world.js';
import { Random } from '../src/core/random.js';
import { type Interval, interval } from '../src/evaluation/interval.js';
import { codeEvents, type Histories } from '../src/recommend/behaviour/histories.js';
import type { Blend } from '../src/recommend/behaviour/learnt-blend.js';
import type { Given, ItemAttributes, ItemEmbeddings } from '../src/recommend/behaviour/source.js';
import { coldItems } from './cold-items.js';
import { baskets } from './data/baskets.js';
import { movielens } from './data/movielens.js';
import type { BenchOptions } from './main.js';
import { barred, figure, type Row } from './row.js';
import { tuneBlend } from './tune-blend.js';

/** Ratings below which a film is left out. */
const FEWEST = 5;

/** MovieLens-small without its rare films; a person's ratings of the same second stand in an order drawn by chance. */
async function openMovielens(seed: number, say: (line: string) => void) {
  const ratings = await movielens(say);
  const counts = new Map<string, number>();
  for (const { itemId } of ratings) counts.set(itemId, (counts.get(itemId) ?? 0) + 1);
  const kept = ratings.filter(({ itemId }) => counts.get(itemId)! >= FEWEST);
  const events = kept.map(({ person, itemId, time }) => ({ person, itemId, time, kind: 'view' }));
  const { log, itemIds } = codeEvents(events, { weights: { view: 1 }, ties: new Random(seed).fork('ties') });
  const genresOf = new Map(kept.map(({ itemId, genres }) => [itemId, genres]));
  return { films: log, genres: itemIds.map((itemId) => genresOf.get(itemId)!) };
}

/** Words about items as numbers, each item's in a row. */
function attributesOf(words: readonly (readonly string[])[]): ItemAttributes {
  const known = [...new Set(words.flat())];
  const starts = new Uint32Array(words.length + 1);
  words.forEach((own, item) => {
    starts[item + 1] = starts[item]! + own.length;
  });
  return { width: known.length, starts, tokens: Uint32Array.from(words.flat(), (word) => known.indexOf(word)) };
}

/** The same as unit rows. */
function rowsOf({ width, starts, tokens }: ItemAttributes): ItemEmbeddings {
  const values = new Float32Array((starts.length - 1) * width);
  for (let item = 0; item + 1 < starts.length; item++) {
    const own = tokens.subarray(starts[item], starts[item + 1]);
    for (const token of own) values[item * width + token] = 1 / Math.sqrt(own.length);
  }
  return { dimension: width, values };
}

const row = ({ rows }: JudgedProtocol, what: Contestant) => rows.find((each) => each.what === what)!;

function hits(name: string, judged: JudgedProtocol, what: Contestant): Row {
  const { hitRate } = row(judged, what);
  return figure(`${name}/hr@10`, hitRate.mean, 'share', hitRate);
}

function gains(name: string, judged: JudgedProtocol, what: Contestant): Row {
  const { gain } = row(judged, what);
  return figure(`${name}/ndcg@10`, gain.mean, 'NDCG', gain);
}

const figures = (set: string, judged: JudgedProtocol): Row[] =>
  judged.rows.flatMap(({ what }) => [hits(`${set}/${what}`, judged, what), gains(`${set}/${what}`, judged, what)]);

/** HR@10 of one less that of another on the same people: it holds where the interval does not lie wholly below 0. */
function atLeast(what: string, judged: JudgedProtocol, one: Contestant, other: Contestant, beside = judged): Row {
  const [a, b] = [judged.perPerson.get(one)!.hitRate, beside.perPerson.get(other)!.hitRate];
  const { mean, low, high }: Interval = interval(
    a.map((value, i) => value - b[i]!),
    new Random(1),
  );
  return { ...figure(what, mean, 'difference', { low, high }), bar: 0, direction: '>=', holds: high >= 0 };
}

/** Films a person is known to have rated: the newest. */
const KNOWN = { 'no-history': 0, 'one-event': 1, 'three-events': 3, 'ten-events': 10 };

/** People of whom little is known. */
async function coldPeople(films: Histories, given: Given, blend: Blend, say: BenchOptions['say']): Promise<Row[]> {
  const rows: Row[] = [];
  for (const [words, shownHistory] of Object.entries(KNOWN)) {
    say(`movielens: people of whom ${shownHistory} films are known`);
    const judged = await judgeProtocol(films, 'last', { ...given, shownHistory, blend });
    rows.push(hits(`cold-start/${words}`, judged, 'blend'), hits(`cold-start/${words}/tower`, judged, 'tower'));
    if (shownHistory === 1) rows.push(hits('cold-start/popularity', judged, 'popularity'));
  }
  return rows;
}

/** Recommendation from behaviour: films by the last three of each person and by a random fifth, baskets, cold starts; with `--only tune` what the constants were chosen by. */
export async function recommend({ seed, only, say }: BenchOptions): Promise<readonly Row[]> {
  const { films, genres } = await openMovielens(seed, say);
  if (only === 'tune') return tuneBlend(films, seed, say);
  const attributes = attributesOf(genres);
  const learnTower = rememberTowers(createLearnTower(openWorld()));
  const behaviour = { learnTower, attributes };
  say(
    `movielens: ${films.people} people, ${films.items} films, ${films.itemAt.length} ratings; the last three of each`,
  );
  const without = await judgeProtocol(films, 'last-three');
  say('movielens: the same with the behaviour model');
  const last = await judgeProtocol(films, 'last-three', behaviour);
  say('movielens: the same with the behaviour model by ids alone');
  const byIds = await judgeProtocol(films, 'last-three', {
    learnTower: createLearnTower(openWorld()),
    blend: last.blends[0],
  });
  say('movielens: a random fifth');
  const random = await judgeProtocol(films, 'random', behaviour);
  const bought = codeEvents(await baskets(say), {
    weights: { purchase: 1 },
    ties: new Random(seed).fork('baskets'),
  }).log;
  say(`baskets: ${bought.people} baskets, ${bought.items} departments; one of each`);
  const basket = await judgeProtocol(bought, 'last', { learnTower });
  const strangers = await coldPeople(films, behaviour, last.blends[0]!, say);
  say('movielens: films that nobody has touched yet');
  const cold = await coldItems('cold-start', films, seed, {
    learnTower: createLearnTower(openWorld()),
    embeddings: rowsOf(attributes),
  });
  return [
    ...figures('movielens', last),
    hits('movielens/tower-by-ids', byIds, 'tower'),
    gains('movielens/tower-by-ids', byIds, 'tower'),
    hits('movielens/blend-without-tower', without, 'blend'),
    gains('movielens/blend-without-tower', without, 'blend'),
    atLeast('movielens/blend-vs-blend-without-tower/hr@10', last, 'blend', 'blend', without),
    barred('movielens/plain-sum/bar', row(last, 'plain-sum').hitRate.mean, 'share', '>=', 0.16),
    atLeast('movielens/blend-vs-plain-sum/hr@10', last, 'blend', 'plain-sum'),
    ...figures('movielens-random', random),
    atLeast('movielens-random/blend-vs-ease-whole/hr@10', random, 'blend', 'ease-whole'),
    ...figures('baskets', basket),
    atLeast('baskets/blend-vs-ease-whole/hr@10', basket, 'blend', 'ease-whole'),
    ...strangers,
    ...cold,
  ];
}
