import type { ProbeScore } from '../evaluation/probes.js';
import type { ReportedModel } from '../evaluation/report/findings.js';
import type { ModelManifest } from '../registry/registry.js';
import { backboneRecord } from './backbone.js';
import type { Environment } from './environment.js';
import { datedId } from './index-line.js';
import { makeReport } from './make-report.js';
import type { Stores } from './stores.js';
import type { Candidate, TrainOptions } from './train-candidate.js';

/** Publishes a candidate as an immutable model. */
export async function publishCandidate(
  environment: Environment,
  stores: Pick<Stores, 'registry'>,
  candidate: Candidate,
  options: TrainOptions,
): Promise<ModelManifest> {
  const { trained, prepared, preparation, views, decodeSeconds, scores } = candidate;
  const { settings } = trained;
  const parent = options.parent === undefined ? undefined : await stores.registry.read(options.parent);
  const backbone = options.backbone ? backboneRecord(options.backbone) : parent?.backbone;
  const licence = options.licence ?? backbone?.licence;
  const made = {
    modelId: datedId(environment, options.name),
    kindredVersion: environment.version,
    createdAt: new Date(environment.now()).toISOString(),
    modality: 'image' as const,
    dimension: trained.dimension,
    sample: { shape: [...prepared.samples.shape] },
    preparation,
    data: {
      fingerprint: prepared.samples.fingerprint,
      count: prepared.samples.count,
      source: options.source.description,
      skipped: prepared.skipped.length,
    },
    settings: { training: settings, views, engine: environment.config.KINDRED_ENGINE },
    seed: settings.seed,
    parent: options.parent ?? null,
    curve: [...trained.curve],
    ...(trained.interventions.length > 0 && { interventions: [...trained.interventions] }),
    ...(trained.keptStep !== undefined && { keptStep: trained.keptStep }),
    scores: { ...finite(trained.scores), ...labelFree(scores), steps: trained.steps, seconds: trained.seconds },
    spent: { decode: decodeSeconds, ...trained.spent },
    baselines: {},
    ...(options.command === undefined ? {} : { command: options.command }),
    ...(licence === undefined ? {} : { licence }),
    ...(backbone && { backbone }),
    credits: [...(options.credits ?? [])],
    encoderParameters: trained.encoderParameters,
  };
  const { encoder, parameters } = trained;
  const report = await reportOrNone(environment, candidate, made, options);
  return stores.registry.publish(made, { encoder, parameters, report }, options.work.holdsClaim);
}

/** A report is for people: where none can be made, that is said, and the model is published all the same. Throws CANCELLED. */
async function reportOrNone(
  environment: Environment,
  { trained, prepared }: Candidate,
  model: ReportedModel,
  { source, work, say }: TrainOptions,
): Promise<string | undefined> {
  try {
    const { encoder, parameters } = trained;
    return await makeReport({
      model,
      encoder,
      parameters,
      source: source.description,
      prepared,
      threads: environment.cores,
      progress: work.progress,
      signal: work.signal,
    });
  } catch (cause) {
    if (work.signal?.aborted) throw cause;
    const why = cause instanceof Error ? cause.message : String(cause);
    environment.log.warn({ why, modelId: model.modelId }, 'no report of the model could be made');
    say?.(`No report could be made of this model (${why}); it is published without one.`);
    return undefined;
  }
}

const finite = (scores: object): Record<string, number> =>
  Object.fromEntries(Object.entries(scores).filter((entry): entry is [string, number] => Number.isFinite(entry[1])));

const labelFree = (score: ProbeScore): Record<string, number> => ({
  probeRecall: score.recall,
  probeRecallLow: score.low,
  probeRecallHigh: score.high,
  probeEffectiveRank: score.effectiveRank,
  probeDeviation: score.deviation,
});
