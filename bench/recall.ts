import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { demoCatalogue } from '../src/cli/demo-catalogue.js';
import { Random } from '../src/core/random.js';
import type { Encoder } from '../src/encoder/encoder.js';
import { openOnnxEncoder } from '../src/encoder/onnx-encoder.js';
import { Preparation } from '../src/images/preparation.js';
import { prepareSamples } from '../src/images/prepare-samples.js';
import { chooseBreadth, drawYardstick } from '../src/indexing/measure-recall.js';
import { FileRegistry } from '../src/registry/file-registry.js';
import { ExactStore } from '../src/store/exact-store.js';
import { HnswStore } from '../src/store/hnsw-store.js';
import { cacheFolder } from './data/cache-folder.js';
import { fashionMnist } from './data/fashion-mnist.js';
import type { QualityOptions } from './quality-fashion.js';
import { barred, figure, type Row } from './row.js';
import { samplesOfList } from './samples-of-list.js';
import { trainEncoderFor } from './train-encoder-for.js';

const BAR = 0.95;
const K = 10;
const QUERIES = 1000;
const FASHION_ITEMS = 20_000;
/** Recall is asked of the graph, not of the encoder: a short training gives vectors of the same kind. */
const TRAINING_MINUTES = 1;

interface Item {
  readonly itemId: string;
  readonly vector: Float32Array;
}

/** recall@10 of the graph, at the breadth the index builder chooses, against exact search with other queries. */
export async function recall(options: QualityOptions): Promise<readonly Row[]> {
  return [...(await demoRecall(options)), ...(await fashionRecall(options))];
}

async function demoRecall(options: QualityOptions): Promise<Row[]> {
  const preparation = Preparation.parse({});
  const prepared = await prepareSamples(demoCatalogue(), preparation, { cacheFolder: join(cacheFolder, 'pixels') });
  const { samples, ids } = prepared;
  const list = Array.from({ length: samples.count }, (_, i) => samples.read(i).slice());
  prepared.close();
  const encoder =
    (await shippedEncoder(samples.shape, options)) ?? (await shortlyTrained(list, samples.shape, options));
  return measured('demo', await embedded(encoder, list, ids), options);
}

async function fashionRecall(options: QualityOptions): Promise<Row[]> {
  const { images } = await fashionMnist('train', options.say);
  const list = Array.from({ length: FASHION_ITEMS }, (_, i) => images.subarray(i * 784, (i + 1) * 784));
  const encoder = await shortlyTrained(list, [28, 28, 1], options);
  const ids = list.map((_, i) => `picture-${i}`);
  return measured('fashion-mnist-20k', await embedded(encoder, list, ids), options);
}

/** The newest model in models/ that takes samples of this shape. */
async function shippedEncoder(shape: readonly number[], { say }: QualityOptions): Promise<Encoder | undefined> {
  const registry = new FileRegistry('./models');
  const model = (await registry.list()).findLast((each) => each.sample.shape.join() === shape.join());
  if (!model) return undefined;
  say(`recall: the encoder is ${model.modelId}`);
  return openOnnxEncoder(registry.path(model.modelId, 'encoder.onnx'), { threads: availableParallelism() });
}

async function shortlyTrained(list: Uint8Array[], shape: readonly number[], options: QualityOptions): Promise<Encoder> {
  const minutes = Math.min(options.minutes, TRAINING_MINUTES);
  options.say(`recall: training an encoder for ${minutes} minutes`);
  const settings = { budget: { minutes }, seed: options.seed };
  return (await trainEncoderFor(samplesOfList(list, shape), settings, options.say)).encoder;
}

async function embedded(encoder: Encoder, list: readonly Uint8Array[], ids: readonly string[]): Promise<Item[]> {
  const vectors = await encoder.encode(list);
  await encoder.close();
  return vectors.map((vector, i) => ({ itemId: ids[i]!, vector }));
}

async function measured(name: string, items: readonly Item[], { seed, say }: QualityOptions): Promise<Row[]> {
  const dimension = items[0]!.vector.length;
  const graph = new HnswStore(dimension);
  const exact = new ExactStore(dimension);
  for (const store of [graph, exact]) await store.upsert(items);
  say(`${name}: building a graph of ${items.length} × ${dimension}`);
  graph.settle(Number.POSITIVE_INFINITY);
  const now = async (): Promise<void> => {};
  const yardstick = await drawYardstick(graph, new Random(seed).fork('recall'), 500, now);
  const { efSearch } = await chooseBreadth(graph, yardstick, BAR, now);

  const chosen = [...new Random(seed).fork('bench').permutation(items.length).subarray(0, QUERIES)];
  const queries = chosen.map((i) => items[i]!);
  const vectors = queries.map(({ vector }) => vector);
  /** The ten nearest others: finding itself is no merit. */
  const others = (lists: readonly (readonly { itemId: string }[])[]): string[][] =>
    lists.map((hits, i) =>
      hits
        .map(({ itemId }) => itemId)
        .filter((itemId) => itemId !== queries[i]!.itemId)
        .slice(0, K),
    );
  const found = others(await graph.nearest(vectors, K + 1, { efSearch }));
  const truth = others(await exact.nearest(vectors, K + 1));
  const shares = found.map((ids, i) => ids.filter((itemId) => truth[i]!.includes(itemId)).length / truth[i]!.length);
  const value = shares.reduce((sum, share) => sum + share, 0) / shares.length;
  return [barred(`${name}/recall@10`, value, 'recall', '>=', BAR), figure(`${name}/ef-search`, efSearch, 'candidates')];
}
