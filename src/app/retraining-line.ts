import { openOnnxEncoder } from '../encoder/onnx-encoder.js';
import { Preparation } from '../images/preparation.js';
import { type Active, type Outcome, retrain, type Stages } from '../retraining/cycle.js';
import { type Contestant, judge } from '../retraining/judge.js';
import { collectionSource } from './collection-source.js';
import type { Environment } from './environment.js';
import { buildOf, releaseIndexAfter, type Watched } from './index-line.js';
import { publishCandidate } from './publish-candidate.js';
import { activeModel } from './retraining-due.js';
import { copies, samplesOf } from './samples-of.js';
import type { Stores } from './stores.js';
import { type Candidate, settleCandidate, type TrainOptions, trainCandidate } from './train-candidate.js';

export interface RetrainOptions {
  readonly collection: string;
  /** Training time; KINDRED_RETRAIN_MINUTES where absent. */
  readonly minutes?: number | undefined;
  readonly work: Watched;
}

/** A candidate and an encoder of it; both are closed together. */
async function contestant(
  bytes: string | Uint8Array,
  samples: readonly Uint8Array[],
  cores: number,
): Promise<Contestant> {
  return { encoder: await openOnnxEncoder(bytes, { threads: cores }), samples };
}

/** The whole cycle on a collection's own pictures: unchanged, rejected (and why), or released. */
export async function retrainCollection(
  environment: Environment,
  stores: Stores,
  options: RetrainOptions,
): Promise<Outcome> {
  const { config, cores } = environment;
  const { collection, work } = options;
  const source = collectionSource(stores, collection);
  const manifest = await activeModel(stores, collection);
  const served = (await stores.catalogue.releases.active(collection))?.indexId ?? null;
  const goOn = config.KINDRED_RETRAIN_FROM === 'active' && manifest?.parameters !== undefined;
  const train: TrainOptions = {
    source,
    name: collection.slice(0, 40),
    ...(manifest ? { preparation: manifest.preparation, views: manifest.settings.views } : {}),
    settings: { budget: { minutes: options.minutes ?? config.KINDRED_RETRAIN_MINUTES } },
    parent: goOn ? manifest.modelId : undefined,
    resume: 'if-it-fits',
    work,
  };

  let candidate: Candidate | undefined;
  const stages: Stages<Candidate> = {
    async dataset() {
      const prepared = await samplesOf(environment, source, Preparation.parse(manifest?.preparation ?? {}), work);
      try {
        const { count, fingerprint } = prepared.samples;
        return { count, fingerprint, new: Math.max(0, count - (manifest?.data.count ?? 0)) };
      } finally {
        prepared.close();
      }
    },
    async train() {
      candidate = await trainCandidate(environment, stores, train);
      return candidate;
    },
    async judge({ trained, prepared }) {
      const pictures = copies(prepared);
      const challenger = await contestant(trained.encoder, pictures, cores);
      // The active model prepares pictures the same way: retraining keeps its preparation.
      const holder =
        manifest && (await contestant(stores.registry.path(manifest.modelId, 'encoder.onnx'), pictures, cores));
      try {
        return await judge(challenger, holder);
      } finally {
        await challenger.encoder.close();
        await holder?.encoder.close();
      }
    },
    publishModel: async (judged) => (await publishCandidate(environment, stores, judged, train)).modelId,
    async buildIndex(modelId) {
      built = await buildOf(environment, stores, { collection, modelId, work });
      return { indexId: built.indexId, recall: built.recall.at10 };
    },
    async activate() {
      if (!built) return false;
      const release = { collection, built, origin: 'retrain', work, served };
      return (await releaseIndexAfter(environment, stores, release)) !== undefined;
    },
  };
  let built: Awaited<ReturnType<typeof buildOf>> | undefined;
  const active: Active | undefined = manifest && { modelId: manifest.modelId, trainedOn: manifest.data.fingerprint };
  try {
    const outcome = await retrain(stages, active, { recall: config.KINDRED_MIN_RECALL });
    if (candidate) await settleCandidate(candidate);
    return outcome;
  } finally {
    candidate?.prepared.close();
  }
}
