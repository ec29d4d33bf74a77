import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { defaultModelId, openRegistry } from '../src/app/stores.js';
import { openWorld } from '../src/cli/world.js';
import { Random } from '../src/core/random.js';
import { openOnnxEncoder } from '../src/encoder/onnx-encoder.js';
import { untrainedEncoder } from '../src/encoder/untrained-encoder.js';
import { BASELINES } from '../src/evaluation/baselines.js';
import { interval } from '../src/evaluation/interval.js';
import { type Rows, rowsOfBytes, rowsOfEncoder } from '../src/evaluation/rows.js';
import { Preparation } from '../src/images/preparation.js';
import { prepareSamples } from '../src/images/prepare-samples.js';
import { fitSources } from '../src/recommend/behaviour/fit-sources.js';
import { codeEvents, type History, occurrencesOf } from '../src/recommend/behaviour/histories.js';
import { lendToCold } from '../src/recommend/behaviour/lend-to-cold.js';
import { plainSum } from '../src/recommend/behaviour/plain-sum.js';
import { decayed, type Ranker } from '../src/recommend/behaviour/source.js';
import { SOURCES } from '../src/recommend/behaviour/sources/index.js';
import { KIND_WEIGHTS } from '../src/recommend/plan.js';
import { EVENTS_READ, HALF_LIFE } from '../src/recommend/taste.js';
import { user } from '../src/recommend/user.js';
import { type ColdItems, chanceOf, judgeCold, SHOWN, withholdItems } from './cold-items.js';
import { cacheFolder } from './data/cache-folder.js';
import { syntheticTastes } from './data/synthetic-tastes.js';
import { type WordedPictures, wordedDrawings, wordedFurniture } from './data/worded-pictures.js';
import { exactIndex } from './exact-index.js';
import type { BenchOptions } from './main.js';
import { figure, type Row } from './row.js';

/** Made-up people a catalogue; fewer where the bench is only tried. */
const PEOPLE = 600;
const FEW_PEOPLE = 150;
/** Side of the pictures as pixels, at which they do best as features. */
const PIXEL_SIZE = 24;
/** Hits of a list. */
const LIST = 10;

/** Unit rows of the items that go by different names for the same pictures. */
type Looks = Readonly<Record<'pixels' | 'untrained' | 'encoder', Rows>>;

/**
 * New things, shown by what they look like: a fifth of a catalogue is withheld from all events, and ranked among itself
 * for made-up people (`syntheticTastes`) of whom 0, 1, 3 or 10 events are known. By the shipped encoder, the same network
 * untrained, and pixels; as the strategy `user` serves it and by one mean of all tastes; beside popularity and chance.
 */
export async function coldStart({ seed, minutes, only, say }: BenchOptions): Promise<readonly Row[]> {
  const catalogues = { emoji: wordedDrawings, furniture: () => wordedFurniture(say) };
  const rows: Row[] = [];
  for (const [set, open] of Object.entries(catalogues).filter(([name]) => name.includes(only))) {
    const { itemIds, looks, words } = await look(await open(), seed);
    const random = new Random(seed).fork(set);
    const items = itemIds.map((itemId) => ({ itemId, words: words.get(itemId)! }));
    const made = syntheticTastes(items, minutes < 1 ? FEW_PEOPLE : PEOPLE, random.fork('people'));
    const { log } = codeEvents(made.events, { weights: { view: 1 }, itemIds });
    const cold = withholdItems(log, random.fork('withheld'));
    say(`${set}: ${itemIds.length} pictures, ${made.events.length} events; ${cold.questions.length} people are asked`);
    const rankers = await contestants(cold, looks, random);
    for (const shown of SHOWN) {
      const named = `cold-start/${set}/${shown}-events`;
      const historyOf = cold.historiesOf(shown);
      const served = await servedBy(cold, looks.encoder, historyOf);
      const all = new Map([...rankers, ['user', served]]);
      rows.push(...judged(named, judgeCold(cold, all, historyOf), shown, seed));
      if (shown === SHOWN.at(-1)) {
        const tastes = made.people.map((one) =>
          one.tastes.map((word) => items.map((item) => item.words.includes(word))),
        );
        rows.push(...tastesShown(named, cold, all, { historyOf, tastes, seed }));
      }
    }
  }
  return rows;
}

/** Pictures that can be told apart, by each way to look at them. */
async function look({ source, items }: WordedPictures, seed: number) {
  const registry = openRegistry(openWorld());
  const modelId = await defaultModelId(registry);
  if (modelId === undefined) throw new Error('There is no encoder to judge.');
  const manifest = await registry.read(modelId);
  const cache = { cacheFolder: join(cacheFolder, 'pixels') };
  const prepared = await prepareSamples(source, Preparation.parse(manifest.preparation), cache);
  const itemIds = [...prepared.ids];
  const told = new Set(itemIds);
  const samples = itemIds.map((_, i) => prepared.samples.read(i).slice());
  prepared.close();
  const rowsBy = async (model: string | Uint8Array): Promise<Rows> => {
    const encoder = await openOnnxEncoder(model);
    const rows = await rowsOfEncoder(encoder, samples);
    await encoder.close();
    return rows;
  };
  const distinct = {
    ...source,
    async *list() {
      for await (const picture of source.list()) if (told.has(picture.itemId)) yield picture;
    },
  };
  const small = await prepareSamples(distinct, Preparation.parse({ size: PIXEL_SIZE }), { ...cache, dropEqual: false });
  const pixels = rowsOfBytes(itemIds.map((_, i) => small.samples.read(i)));
  small.close();
  const untrained = await untrainedEncoder(await readFile(registry.path(modelId, 'parameters.bin')), seed);
  if (!untrained) throw new Error(`${modelId} has no network of ours to compare with.`);
  const looks: Looks = {
    pixels: await BASELINES['centred-pixels'](pixels)(pixels),
    untrained: await rowsBy(untrained),
    encoder: await rowsBy(registry.path(modelId, 'encoder.onnx')),
  };
  return { itemIds, looks, words: new Map(items.map((item) => [item.itemId, item.words])) };
}

/** All that does not wait for whom it is asked about. */
async function contestants({ train }: ColdItems, looks: Looks, random: Random): Promise<ReadonlyMap<string, Ranker>> {
  const rankers = new Map<string, Ranker>([['chance', chanceOf(train.items, random.fork('chance'))]]);
  const fitted = await fitSources(train, {});
  rankers.set('popularity', fitted.get('popularity')!);
  for (const [name, embeddings] of Object.entries(looks)) {
    const ranker = await SOURCES.content.fit(train, { embeddings, shared: (_, make) => make() });
    rankers.set(name, ranker!);
  }
  const { starts } = occurrencesOf(train);
  const touchedBy = Uint32Array.from({ length: train.items }, (_, i) => starts[i + 1]! - starts[i]!);
  rankers.set('behaviour-lent', lendToCold(plainSum(fitted, train.items), touchedBy, looks.encoder));
  rankers.set('one-mean', oneMean(looks.encoder));
  return rankers;
}

/** Cosines to the mean of all that somebody touched, decayed as a taste is. */
function oneMean({ dimension, values }: Rows): Ranker {
  return {
    score(history, into) {
      const mean = new Float64Array(dimension);
      for (const { item, weight } of decayed(history, 0.5 ** (1 / HALF_LIFE)))
        for (let d = 0; d < dimension; d++) mean[d]! += weight * values[item * dimension + d]!;
      for (let i = 0; i < into.length; i++) {
        let along = 0;
        for (let d = 0; d < dimension; d++) along += mean[d]! * values[i * dimension + d]!;
        into[i] = along;
      }
    },
  };
}

/** The strategy `user` as it is served, asked for the first hits of everybody who is asked about, over the withheld items. */
async function servedBy(
  { log, withheld, questions }: ColdItems,
  { dimension, values }: Rows,
  historyOf: (person: number) => History,
): Promise<Ranker> {
  const items = Array.from({ length: log.items }, (_, item) => ({
    itemId: String(item).padStart(6, '0'),
    vector: values.subarray(item * dimension, (item + 1) * dimension),
    attributes: { withheld: withheld[item] === 1 },
  }));
  const index = exactIndex(items, dimension);
  const lists = new Map<History, readonly number[]>();
  for (const { person } of questions) {
    const history = historyOf(person);
    const events = Array.from(history.items, (item, time) => ({
      itemId: items[item]!.itemId,
      kind: 'view' as const,
      time,
      receivedAt: time,
    })).reverse();
    const nobody = { seenBy: async () => new Set<string>(), popular: async () => [], evidence: async () => new Map() };
    const found = await user.candidates(
      {
        collection: index.collection,
        request: {
          who: { userId: String(person) },
          ...{ examples: [], exclude: [], k: LIST, offset: 0, includeSeen: true, explain: false },
        },
        index,
        behaviour: { ...nobody, of: async () => events.slice(0, EVENTS_READ) },
        ...{ learnt: null, weights: KIND_WEIGHTS, hidden: new Set(), pins: [], boosts: [], buries: [] },
        passes: ({ attributes }) => attributes.withheld === true,
      },
      LIST,
    );
    lists.set(history, found?.map(({ itemId }) => Number(itemId)) ?? []);
  }
  return {
    score(history, into) {
      into.fill(0);
      for (const [place, item] of (lists.get(history) ?? []).entries()) into[item] = LIST - place;
    },
  };
}

function judged(named: string, by: ReturnType<typeof judgeCold>, shown: number, seed: number): Row[] {
  const rows = [...by].map(([name, { hitRate }]) => {
    const found = interval(hitRate, new Random(seed).fork('interval'));
    return figure(`${named}/${name}/hr@10`, found.mean, 'share', found);
  });
  if (shown === 0) return rows; // nothing is known of whom to show what is new
  for (const other of ['chance', 'popularity', 'untrained', 'pixels']) {
    const row = difference(`${named}/user-vs-${other}/hr@10`, by.get('user')!.hitRate, by.get(other)!.hitRate, seed);
    rows.push(other === 'chance' || other === 'popularity' ? { ...row, ...atLeastNothing(row) } : row);
  }
  return rows;
}

/** The share of somebody's tastes that the first ten have something for, of those who are known to have several. */
function tastesShown(
  named: string,
  { log, withheld, questions }: ColdItems,
  rankers: ReadonlyMap<string, Ranker>,
  {
    historyOf,
    tastes,
    seed,
  }: {
    readonly historyOf: (person: number) => History;
    /** [people][tastes][items] */
    readonly tastes: readonly (readonly (readonly boolean[])[])[];
    readonly seed: number;
  },
): Row[] {
  const shares = new Map<string, number[]>();
  const scores = new Float32Array(log.items);
  for (const { person } of questions) {
    const history = historyOf(person);
    const known = tastes[person]!.filter(
      (taste) => history.items.some((item) => taste[item]) && taste.some((said, item) => said && withheld[item]),
    );
    if (known.length < 2) continue;
    for (const name of ['one-mean', 'encoder', 'user']) {
      rankers.get(name)!.score(history, scores);
      const first = [...scores.keys()]
        .filter((item) => withheld[item])
        .sort((a, b) => scores[b]! - scores[a]!)
        .slice(0, LIST);
      const share = known.filter((taste) => first.some((item) => taste[item])).length / known.length;
      shares.set(name, [...(shares.get(name) ?? []), share]);
    }
  }
  const rows = [...shares].map(([name, values]) => {
    const found = interval(values, new Random(seed).fork('interval'));
    return figure(`${named}/tastes-shown/${name}`, found.mean, 'share of tastes', found);
  });
  if (shares.size === 0) return [];
  return [
    ...rows,
    difference(`${named}/tastes-shown/user-vs-one-mean`, shares.get('user')!, shares.get('one-mean')!, seed),
  ];
}

/** Of the same people. */
function difference(what: string, one: ArrayLike<number>, other: ArrayLike<number>, seed: number): Row {
  const values = Array.from(one, (value, i) => value - other[i]!);
  const found = interval(values, new Random(seed).fork('interval'));
  return figure(what, found.mean, 'difference', found);
}

const atLeastNothing = ({ low = 0 }: Row) => ({ bar: 0, direction: '>=' as const, holds: low > 0 });
