import { AppError } from '../errors.js';
import type { Verdict } from './verdict.js';

/** The pictures there are to learn from. */
export interface Dataset {
  readonly fingerprint: string;
  readonly count: number;
  /** Of them, those that the active model was not trained on. */
  readonly new: number;
}

/** What a retraining needs of the rest of the system, in the order in which it is asked. Only `activate` changes what is served. */
export interface Stages<Candidate> {
  dataset(): Promise<Dataset>;
  train(dataset: Dataset): Promise<Candidate>;
  /** The candidate against the active model, on the same probes. */
  judge(candidate: Candidate): Promise<Verdict>;
  publishModel(candidate: Candidate, verdict: Verdict): Promise<string>;
  buildIndex(modelId: string): Promise<{ readonly indexId: string; readonly recall: number }>;
  /** False, and nothing is changed, where another index has been released since the retraining began. */
  activate(release: { readonly modelId: string; readonly indexId: string }): Promise<boolean>;
}

/** The model that is served now. */
export interface Active {
  readonly modelId: string;
  /** Fingerprint of the pictures it was trained on. */
  readonly trainedOn: string;
}

/** How a retraining ended, and why: all three are expected. */
export interface Outcome {
  readonly kind: 'unchanged' | 'rejected' | 'released';
  readonly why: string;
  readonly figures: Readonly<Record<string, number>>;
  /** The model, where one was published. */
  readonly modelId?: string;
  readonly indexId?: string;
}

/** One round of the loop: what it is handed and what it answers. */
export type Cycle = typeof retrain;

/** pictures -> encoder -> verdict -> registry -> index -> one switch. Nothing is served before the last line. */
export async function retrain<Candidate>(
  stages: Stages<Candidate>,
  active: Active | undefined,
  floors: { readonly recall: number },
): Promise<Outcome> {
  const dataset = await stages.dataset();
  const counts = { pictures: dataset.count, newPictures: dataset.new };
  if (dataset.fingerprint === active?.trainedOn)
    return { kind: 'unchanged', why: 'the pictures are those the active model was trained on', figures: counts };

  const candidate = await trained(stages, dataset);
  if (candidate instanceof AppError) return { kind: 'rejected', why: candidate.message, figures: counts };

  const verdict = await stages.judge(candidate);
  const judged = { ...counts, ...verdict.figures };
  if (!verdict.accepted) return { kind: 'rejected', why: verdict.why, figures: judged };

  const modelId = await stages.publishModel(candidate, verdict);
  const { indexId, recall } = await stages.buildIndex(modelId);
  const figures = { ...judged, indexRecall: recall };
  if (!(recall >= floors.recall))
    return { kind: 'rejected', why: tooLow(recall, floors.recall), figures, modelId, indexId };

  if (!(await stages.activate({ modelId, indexId })))
    return { kind: 'rejected', why: 'another index was released meanwhile', figures, modelId, indexId };
  return { kind: 'released', why: verdict.why, figures, modelId, indexId };
}

/** A run that collapsed or diverged is an expected end of training, not a failure of the job. */
async function trained<Candidate>(stages: Stages<Candidate>, dataset: Dataset): Promise<Candidate | AppError> {
  try {
    return await stages.train(dataset);
  } catch (cause) {
    if (cause instanceof AppError && (cause.code === 'TRAINING_COLLAPSED' || cause.code === 'TRAINING_DIVERGED'))
      return cause;
    throw cause;
  }
}

const tooLow = (recall: number, floor: number): string =>
  `the new index finds ${percent(recall)} of the true neighbours, and ${percent(floor)} is the least that is served`;
const percent = (share: number): string => `${(100 * share).toFixed(1)}%`;
