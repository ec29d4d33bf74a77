import { setImmediate as nextTurn } from 'node:timers/promises';
import { eventWeights } from '../config.js';
import { Random } from '../core/random.js';
import { unit } from '../core/vectors.js';
import { AppError } from '../errors.js';
import { rowProducts } from '../evaluation/row-products.js';
import { readIndexWhitening } from '../indexing/index-manifest.js';
import { placeIn } from '../indexing/index-whitening.js';
import { type BehaviourManifest, publishBehaviour } from '../recommend/behaviour/behaviour-files.js';
import { fitBehaviour } from '../recommend/behaviour/fit-behaviour.js';
import { type CodedEvents, codeEvents, type Histories, type PersonEvent } from '../recommend/behaviour/histories.js';
import type { ItemEmbeddings } from '../recommend/behaviour/source.js';
import type { LearnTower } from '../recommend/behaviour/tower.js';
import type { KindWeights } from '../recommend/strategy.js';
import type { Environment } from './environment.js';
import { buildOf, datedId, modelOf, releaseBehaviour, type Watched } from './index-line.js';
import { createLearnTower } from './learn-tower.js';
import type { Stores } from './stores.js';
import { createTowerProcesses } from './tower-processes.js';

const PAGE = 5_000;
const SEED = 1;
/** Fewer events are learnt from before processes have started. */
const FEWEST_FOR_PROCESSES = 2_000;
/** Each process has a copy of the embeddings: larger ones are not copied. */
const MOST_COPIED_BYTES = 256 * 1_048_576;

export interface LearntBehaviour {
  readonly releaseId: string;
  readonly indexId: string;
  readonly behaviourId: string;
  readonly events: number;
  readonly people: number;
  readonly items: number;
  /** Whether the weights were learnt from events that were held back; else the sources' plain sum is served. */
  readonly learnt: boolean;
  readonly weights: Readonly<Record<string, number>>;
  readonly unseen?: BehaviourManifest['blend']['unseen'];
}

/**
 * events -> sources -> weights from what is held back -> one published directory -> one switch. The index and encoder
 * stay what they are; a collection without an index gets one first.
 * Throws COLLECTION_NOT_FOUND, EVENTS_MISSING, CANCELLED, CLAIM_LOST.
 */
export async function learnBehaviour(
  environment: Environment,
  stores: Stores,
  { collection, work }: { collection: string; work: Watched },
): Promise<LearntBehaviour> {
  const { catalogue } = stores;
  if (!(await catalogue.collections.get(collection))) throw new AppError('COLLECTION_NOT_FOUND', { collection });
  const kindWeights = eventWeights(environment.config.KINDRED_EVENT_WEIGHTS) as KindWeights; // its schema fills up every kind
  const { coded, place } = await readAll(stores, collection, kindWeights, work);
  if (coded.log.itemAt.length === 0) throw new AppError('EVENTS_MISSING', { collection });

  const embeddings = await embeddingsOf(stores, collection, coded.itemIds);
  const fitted = await fitBehaviour(coded.log, {
    embeddings,
    products: rowProducts,
    ...howToLearnTowers(environment, coded.log, embeddings),
    random: new Random(SEED).fork('behaviour'),
    signal: work.signal,
    progress: work.progress,
  });
  const manifest = await publishBehaviour(
    stores.behaviourFolder,
    {
      behaviourId: datedId(environment, 'behaviour'),
      collection,
      createdAt: new Date(environment.now()).toISOString(),
      place,
      events: coded.log.itemAt.length,
      people: coded.people.length,
      kindWeights,
    },
    { ...fitted, itemIds: coded.itemIds },
    () => work.holdsClaim(),
  );

  const { behaviourId, events, people, items, blend } = manifest;
  const { releaseId, indexId } = await release(environment, stores, { collection, behaviourId, work });
  return {
    releaseId,
    indexId,
    behaviourId,
    events,
    people,
    items,
    learnt: blend.learnt,
    weights: blend.weights,
    ...(blend.unseen ? { unseen: blend.unseen } : {}),
  };
}

/** As many towers at once as there are threads to have, each in a process of its own; where that does not pay, in this one. */
function howToLearnTowers(
  environment: Environment,
  log: Histories,
  embeddings: ItemEmbeddings | undefined,
): { readonly learnTower: LearnTower; readonly towersAtOnce: number } {
  const threads = environment.config.KINDRED_THREADS ?? environment.cores;
  const copied = embeddings?.values.byteLength ?? 0;
  if (threads === 1 || log.itemAt.length < FEWEST_FOR_PROCESSES || copied > MOST_COPIED_BYTES)
    return { learnTower: createLearnTower(environment), towersAtOnce: 1 };
  return { learnTower: createTowerProcesses(environment), towersAtOnce: threads };
}

/** With whatever index is served by then; again where that changes on the way. */
async function release(
  environment: Environment,
  stores: Stores,
  { collection, behaviourId, work }: { collection: string; behaviourId: string; work: Watched },
): Promise<{ releaseId: string; indexId: string }> {
  for (;;) {
    const active = await stores.catalogue.releases.active(collection);
    const served =
      active ?? (await buildOf(environment, stores, { collection, modelId: await modelOf(stores, collection), work }));
    const expected = active?.releaseId ?? null;
    const releaseId = await releaseBehaviour(environment, stores, { collection, served, behaviourId, expected, work });
    if (releaseId !== undefined) return { releaseId, indexId: served.indexId };
  }
}

/** Every event that says something of an item of the collection, by person (a user; a session where it has no user). */
async function readAll(
  { catalogue }: Stores,
  collection: string,
  weights: KindWeights,
  { progress, signal }: Watched,
): Promise<{ coded: CodedEvents; place: number }> {
  const known = await itemIdsOf(catalogue.items, collection);
  const total = await catalogue.events.count(collection);
  const events: PersonEvent[] = [];
  let [place, done] = [0, 0];
  for (;;) {
    const page = await catalogue.events.since(collection, { after: place, limit: PAGE });
    for (const { userId, sessionId, itemId, kind, time } of page) {
      const person = userId === undefined ? sessionId && `session ${sessionId}` : `user ${userId}`;
      if (person !== undefined && known.has(itemId)) events.push({ person, itemId, kind, time });
    }
    place = page.at(-1)?.place ?? place;
    done += page.length;
    progress({ stage: 'read', done, total, unit: 'events' });
    await nextTurn();
    if (signal.aborted) throw new AppError('CANCELLED', { what: 'Learning from behaviour' });
    if (page.length < PAGE) return { coded: codeEvents(events, { weights }), place };
  }
}

/** What the items are searched by: the active model's embeddings, whitened where its index is. Undefined where there are none. */
async function embeddingsOf(
  stores: Stores,
  collection: string,
  itemIds: readonly string[],
): Promise<ItemEmbeddings | undefined> {
  const { catalogue, indexesFolder } = stores;
  const release = await catalogue.releases.active(collection);
  const modelId = await modelOf(stores, collection);
  const whitening = release && (await readIndexWhitening(indexesFolder, release.indexId));
  const numberOf = new Map(itemIds.map((itemId, number) => [itemId, number]));
  let values: Float32Array | undefined;
  let dimension = 0;
  let after: string | undefined;
  do {
    const page = await catalogue.embeddings.list(collection, modelId, {
      limit: PAGE,
      ...(after === undefined ? {} : { after }),
    });
    for (const { itemId, vector } of page.rows) {
      values ??= new Float32Array(itemIds.length * vector.length);
      dimension ||= vector.length;
      const number = numberOf.get(itemId);
      if (number === undefined || vector.length !== dimension) continue;
      values.set(whitening?.dimension === dimension ? placeIn(whitening, vector) : unit(vector), number * dimension);
    }
    after = page.next;
  } while (after !== undefined);
  return values && { dimension, values };
}

async function itemIdsOf(items: Stores['catalogue']['items'], collection: string): Promise<ReadonlySet<string>> {
  const known = new Set<string>();
  let after: string | undefined;
  do {
    const page = await items.list(collection, { limit: PAGE, ...(after === undefined ? {} : { after }) });
    for (const { itemId } of page.rows) known.add(itemId);
    after = page.next;
  } while (after !== undefined);
  return known;
}
