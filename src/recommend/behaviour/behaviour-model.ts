import type { Blend } from './learnt-blend.js';
import type { Ranker } from './source.js';
import { SOURCES, type SourceName } from './sources/index.js';

/** One row of scores that a blend weighs. */
export interface WeighedFeature {
  readonly name: string;
  readonly weight: number;
  /** Whether its scores depend on who asks. */
  readonly personal: boolean;
  /** Null for content, which is scored by the embeddings that are served. */
  readonly ranker: Ranker | null;
}

/** What was learnt from events, ready to score: of items by number, and of nobody in particular. */
export interface BehaviourModel {
  readonly behaviourId: string;
  /** Item number to id, and back. Items that nobody had touched have no number. */
  readonly itemIds: readonly string[];
  readonly numberOf: ReadonlyMap<string, number>;
  /** Those that weigh anything. */
  readonly features: readonly WeighedFeature[];
  /** What is shown where no feature knows anything of somebody. */
  readonly popularity: Ranker;
  /** What has more interest of late than it always had; null in models that were learnt before it was kept. */
  readonly trending: Ranker | null;
}

/** A model of its rankers by feature name; `popularity` must be among them, and whatever the blend weighs; `trending` may be. */
export function behaviourModel(
  behaviourId: string,
  itemIds: readonly string[],
  blend: Pick<Blend, 'weights'>,
  rankers: ReadonlyMap<string, Ranker>,
): BehaviourModel {
  const popularity = rankers.get('popularity');
  if (!popularity) throw new RangeError('A behaviour model knows what is popular.');
  return {
    behaviourId,
    itemIds,
    numberOf: new Map(itemIds.map((itemId, number) => [itemId, number])),
    features: weighedNames(blend).map((name) => {
      const ranker = rankers.get(name) ?? null;
      if (!ranker && name !== 'content') throw new RangeError(`The blend weighs "${name}", which is not there.`);
      return { name, weight: blend.weights[name]!, personal: SOURCES[name as SourceName]?.personal ?? false, ranker };
    }),
    popularity,
    trending: rankers.get('trending') ?? null,
  };
}

/** The features that a blend weighs at all. */
export const weighedNames = ({ weights }: Pick<Blend, 'weights'>): readonly string[] =>
  Object.keys(weights).filter((name) => weights[name] !== 0);
