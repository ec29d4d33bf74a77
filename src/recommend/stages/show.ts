import { confidence } from '../../indexing/calibration.js';
import type { Hit } from '../planner.js';
import type { Situation } from '../strategy.js';
import type { Drawn } from './explore.js';

/** Folded items that a hit lists, at most. */
const MOST_LISTED = 20;

/** A hit as it is handed out, with its way through the stages where the request asks for it. */
export async function show(situation: Situation, hit: Drawn, position: number): Promise<Hit> {
  const { index, request } = situation;
  const ruled = situation.pins.length + situation.boosts.length + situation.buries.length > 0;
  const item = index.item(hit.itemId);
  const similarityDecides = !request.scored && !request.diversity && hit.strategy === 'similar' && !ruled;
  return {
    itemId: hit.itemId,
    ...(hit.similarity === undefined ? {} : { similarity: hit.similarity }),
    ...(hit.similarity === undefined || !index.calibration
      ? {}
      : { confidence: confidence(index.calibration, hit.similarity) }),
    ...(similarityDecides ? {} : { score: hit.score }),
    ...(hit.folded.length === 0 ? {} : { duplicates: hit.folded.slice(0, MOST_LISTED) }),
    attributes: item?.attributes ?? {},
    hasPicture: item?.hasPicture ?? false,
    ...(hit.propensity === undefined ? {} : { propensity: hit.propensity }),
    ...(hit.explored ? { explored: true } : {}),
    ...(request.explain
      ? { explain: { strategy: hit.strategy, ...(await hit.because()), stages: stages(hit, position) } }
      : {}),
  };
}

/** What each stage made of a hit. Ranks and positions count from 1, over all pages. */
function stages(
  { strategy, rank, given, applied, group, nearest }: Drawn,
  position: number,
): Readonly<Record<string, unknown>> {
  return {
    candidates: { strategy, rank },
    score: { given },
    rules: applied.map(({ ruleId, action, by, position: place }) => ({
      ruleId,
      action,
      ...(by === null ? {} : { by }),
      ...(place === null ? {} : { position: place }),
    })),
    arrange: { position, ...(group === undefined ? {} : { group }), ...(nearest ? { nearest } : {}) },
  };
}
