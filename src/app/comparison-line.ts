import { Random } from '../core/random.js';
import { AppError } from '../errors.js';
import { type Interval, interval } from '../evaluation/interval.js';
import { judgeOutcomes, type Outcomes } from '../evaluation/judge-labelled.js';
import { pickLabelled } from '../evaluation/split-labelled.js';
import type { SkippedPicture } from '../images/picture-source.js';
import type { Environment } from './environment.js';
import { assertComparable, assertFew, type EvaluateOptions } from './evaluation-line.js';
import { type EmbeddedPictures, embedPictures, labelledPictures, numberLabels } from './labelled-pictures.js';
import type { Stores } from './stores.js';

const SEED = 1;

export interface Difference {
  readonly better: string;
  readonly worse: string;
  readonly measure: keyof Outcomes;
  /** How much more often `better` is right, by picture, from −1 to 1; the mean is not below 0. */
  readonly difference: Interval;
  /** Whether 0 lies outside the interval. */
  readonly certain: boolean;
}

export interface Comparison {
  readonly pictures: number;
  readonly labels: number;
  readonly skipped: readonly SkippedPicture[];
  readonly models: readonly { readonly modelId: string; readonly right: Readonly<Record<keyof Outcomes, number>> }[];
  /** Of every two models in every measure. */
  readonly differences: readonly Difference[];
}

/**
 * Which of several models is better on labelled pictures, by how much, and whether that can be told. Every model is asked
 * about the same pictures, so what is resampled is the difference at each: pictures that are hard for all cancel out.
 * @throws AppError SETTINGS_INVALID for fewer than two models; what `evaluate` throws
 */
export async function compareModels(
  environment: Environment,
  stores: Pick<Stores, 'registry'>,
  { source, label, models: named, work }: EvaluateOptions,
): Promise<Comparison> {
  const models = [...new Set(named)];
  if (models.length < 2)
    throw new AppError('SETTINGS_INVALID', { why: '✖ Comparing takes two different models or more.' });
  const manifests = await Promise.all(models.map((modelId) => stores.registry.read(modelId)));
  const pictures = await labelledPictures(environment, source, label, work);
  assertFew(pictures);
  const embedded: EmbeddedPictures[] = [];
  for (const manifest of manifests) embedded.push(await embedPictures(environment, stores, pictures, manifest));

  const shared = sharedIds(embedded.map(({ ids }) => ids));
  const numbers = numberLabels(shared.map((id) => pictures.labelOf(id)));
  assertComparable(numbers);
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
    differences: MEASURES.flatMap((measure) =>
      models.flatMap((one, i) =>
        models.slice(i + 1).map((other, j) => {
          const [first, second] = [outcomes[i]![measure], outcomes[i + 1 + j]![measure]];
          return differenceOf({ one, other, measure }, first, second);
        }),
      ),
    ),
  };
}

const MEASURES = ['recallAt1', 'knn', 'linear'] as const satisfies readonly (keyof Outcomes)[];

/** A picture behind a URL may have come for one model and not for another. */
const sharedIds = (lists: readonly (readonly string[])[]): readonly string[] => {
  const sets = lists.map((ids) => new Set(ids));
  return (lists[0] ?? []).filter((id) => sets.every((set) => set.has(id)));
};

const shares = (outcomes: Outcomes): Record<keyof Outcomes, number> => {
  const mean = (values: Float64Array) => values.reduce((sum, value) => sum + value, 0) / values.length;
  return { recallAt1: mean(outcomes.recallAt1), knn: mean(outcomes.knn), linear: mean(outcomes.linear) };
};

/** The paired bootstrap: differences by picture, drawn again. Efron and Tibshirani 1993, "An Introduction to the Bootstrap", 8.3. */
export function differenceOf(
  { one, other, measure }: { readonly one: string; readonly other: string; readonly measure: keyof Outcomes },
  first: Float64Array,
  second: Float64Array,
): Difference {
  const drawn = interval(
    first.map((value, at) => value - second[at]!),
    new Random(SEED).fork(measure),
  );
  const swapped = drawn.mean < 0;
  const difference = swapped ? { mean: -drawn.mean, low: -drawn.high, high: -drawn.low } : drawn;
  const [better, worse] = swapped ? [other, one] : [one, other];
  return { better, worse, measure, difference, certain: difference.low > 0 };
}
