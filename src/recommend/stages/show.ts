import type { Hit } from '../planner.js';
import type { Situation } from '../strategy.js';
import type { Placed } from './arrange.js';

/** A hit as it is handed out, with its way through the stages where the request asks for it. */
export async function show({ index, request }: Situation, hit: Placed, position: number): Promise<Hit> {
  const item = index.item(hit.itemId);
  const similarityDecides = hit.strategy === 'similar' && !request.scored && !request.diversity;
  return {
    itemId: hit.itemId,
    ...(hit.similarity === undefined ? {} : { similarity: hit.similarity }),
    ...(similarityDecides ? {} : { score: hit.score }),
    attributes: item?.attributes ?? {},
    hasPicture: item?.hasPicture ?? false,
    ...(request.explain
      ? { explain: { strategy: hit.strategy, ...(await hit.because()), stages: stages(hit, position) } }
      : {}),
  };
}

/** What each stage made of a hit. Ranks and positions count from 1, over all pages. */
function stages(
  { strategy, rank, given, score, group, nearest }: Placed,
  position: number,
): Readonly<Record<string, unknown>> {
  return {
    candidates: { strategy, rank },
    score: { given, score },
    arrange: { position, ...(group === undefined ? {} : { group }), ...(nearest ? { nearest } : {}) },
  };
}
