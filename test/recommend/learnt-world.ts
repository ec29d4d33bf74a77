import { rowProducts } from '../../src/evaluation/row-products.js';
import type { LiveIndex } from '../../src/indexing/live-index.js';
import { behaviourModel } from '../../src/recommend/behaviour/behaviour-model.js';
import { fitSources } from '../../src/recommend/behaviour/fit-sources.js';
import type { CodedEvents } from '../../src/recommend/behaviour/histories.js';
import type { LiveBehaviour } from '../../src/recommend/behaviour/live-behaviour.js';
import { createLiveContent } from '../../src/recommend/behaviour/live-content.js';
import { followNewcomers, type Newcomers } from '../../src/recommend/behaviour/newcomers.js';
import { createShortlists } from '../../src/recommend/behaviour/shortlists.js';
import type { Ranker } from '../../src/recommend/behaviour/source.js';
import { SOURCES } from '../../src/recommend/behaviour/sources/index.js';
import { createPlanner } from '../../src/recommend/plan.js';
import type { Behaviour, Planner } from '../../src/recommend/planner.js';

/** The plain sum. */
const PLAIN = { weights: { cooccurrence: 1, transitions: 1, ease: 1 } };

/** One call waits as long as a request would, which a busy machine may not do with. */
export async function caughtUp(newcomers: Newcomers, enough: () => boolean): Promise<void> {
  for (let attempt = 0; attempt < 500 && !enough(); attempt++) await newcomers.catchUp();
}

/** A planner over an index whose release has learnt from events, by way of what is stored of it. */
export async function learntPlanner(
  index: LiveIndex,
  { log, itemIds }: Pick<CodedEvents, 'log' | 'itemIds'>,
  behaviour: Behaviour,
): Promise<Planner> {
  const rankers = new Map<string, Ranker>();
  for (const [name, ranker] of await fitSources(log, {})) {
    const parts = await ranker.parts?.();
    if (parts) rankers.set(name, SOURCES[name].load!(parts));
  }
  const model = behaviourModel('b', itemIds, PLAIN, rankers);
  const newcomers = followNewcomers(index, model.numberOf);
  const unknown = (
    await Promise.all([...index.items()].map(async ({ itemId }) => ({ itemId, vector: await index.vector(itemId) })))
  ).filter(({ itemId, vector }) => vector && !model.numberOf.has(itemId));
  await caughtUp(newcomers, () => unknown.every(({ itemId }) => newcomers.of(itemId)));
  const content = createLiveContent(index, itemIds, rowProducts);
  const live: LiveBehaviour = {
    model,
    newcomers,
    shortlists: createShortlists({ model, content, products: rowProducts }, newcomers),
  };
  return createPlanner({ live: async () => ({ ...index, behaviourId: 'b' }), behaviour, learnt: async () => live });
}
