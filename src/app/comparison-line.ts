import { AppError } from '../errors.js';
import { compareOutcomes, type Measure, type Pair } from '../evaluation/compare-outcomes.js';
import { judgeOutcomes, type Outcomes } from '../evaluation/judge-labelled.js';
import { pickLabelled } from '../evaluation/split-labelled.js';
import type { SkippedPicture } from '../images/picture-source.js';
import type { Environment } from './environment.js';
import { assertComparable, assertFew, type EvaluateOptions } from './evaluation-line.js';
import { type EmbeddedPictures, embedPictures, labelledPictures, numberLabels } from './labelled-pictures.js';
import type { Stores } from './stores.js';

const SEED = 1;

export interface ComparedPair {
  readonly models: readonly [string, string];
  /** The one that is certainly better in some measure, and in none certainly worse. */
  readonly better: string | null;
  /** How much more often the first is right. */
  readonly differences: Pair['differences'];
}

export interface Comparison {
  readonly pictures: number;
  readonly labels: number;
  readonly skipped: readonly SkippedPicture[];
  readonly models: readonly { readonly modelId: string; readonly right: Readonly<Record<Measure, number>> }[];
  /** Every two models, in the order given. */
  readonly pairs: readonly ComparedPair[];
}

/**
 * Which of several models is better on labelled pictures, by how much, and whether that can be told.
 * @throws AppError COMPARISON_IMPOSSIBLE for fewer than two models, or one named twice; what `evaluate` throws
 */
export async function compareModels(
  environment: Environment,
  stores: Pick<Stores, 'registry'>,
  { source, label, models, work }: EvaluateOptions,
): Promise<Comparison> {
  const twice = models.find((modelId, at) => models.indexOf(modelId) !== at);
  if (models.length < 2 || twice !== undefined)
    throw new AppError('COMPARISON_IMPOSSIBLE', {
      why: twice === undefined ? 'one model is named' : `model ${twice} is named twice`,
    });
  const manifests = await Promise.all(models.map((modelId) => stores.registry.read(modelId)));
  const pictures = await labelledPictures(environment, source, label, work);
  assertFew(pictures);
  const embedded: EmbeddedPictures[] = [];
  for (const manifest of manifests) embedded.push(await embedPictures(environment, stores, pictures, manifest));

  const shared = sharedIds(embedded.map(({ ids }) => ids));
  const numbers = numberLabels(shared.map((id) => pictures.labelOf(id)));
  assertComparable(numbers, embedded[0]!.skipped);
  const outcomes: Outcomes[] = [];
  for (const [at, { ids, rows }] of embedded.entries()) {
    work.progress?.({ stage: 'judging', done: at, total: models.length, unit: 'models', note: models[at]! });
    const places = new Map(ids.map((id, place) => [id, place]));
    const own = pickLabelled(
      { rows, labels: new Int32Array(ids.length) },
      shared.map((id) => places.get(id)!),
    );
    outcomes.push(await judgeOutcomes(own.rows, numbers.labels, { seed: SEED, signal: work.signal }));
  }
  work.progress?.({ stage: 'judging', done: models.length, total: models.length, unit: 'models' });
  return {
    pictures: shared.length,
    labels: numbers.names.length,
    skipped: embedded[0]!.skipped,
    models: models.map((modelId, at) => ({ modelId, right: shares(outcomes[at]!) })),
    pairs: compareOutcomes(outcomes, SEED).map(({ models: [one, other], better, differences }) => ({
      models: [models[one]!, models[other]!],
      better: better === undefined ? null : models[better]!,
      differences,
    })),
  };
}

/** A picture behind a URL may have come for one model and not for another. */
const sharedIds = (lists: readonly (readonly string[])[]): readonly string[] => {
  const sets = lists.map((ids) => new Set(ids));
  return (lists[0] ?? []).filter((id) => sets.every((set) => set.has(id)));
};

const shares = (outcomes: Outcomes): Record<Measure, number> => {
  const mean = (values: Float64Array) => values.reduce((sum, value) => sum + value, 0) / values.length;
  return { recallAt1: mean(outcomes.recallAt1), knn: mean(outcomes.knn), linear: mean(outcomes.linear) };
};
