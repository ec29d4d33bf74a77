import type { SkippedPicture } from '../images/picture-source.js';
import type { ModelManifest } from '../registry/registry.js';
import type { Environment } from './environment.js';
import { publishCandidate } from './publish-candidate.js';
import type { Stores } from './stores.js';
import { settleCandidate, type TrainOptions, trainCandidate } from './train-candidate.js';

export interface TrainedModel {
  readonly manifest: ModelManifest;
  readonly skipped: readonly SkippedPicture[];
  /** Pictures left out because another one has the same pixels. */
  readonly equal: number;
}

/** Source → model in the registry. Throws what training throws, TOO_FEW_SAMPLES and SOURCE_UNUSABLE among it. */
export async function trainModel(
  environment: Environment,
  stores: Pick<Stores, 'registry'>,
  options: TrainOptions,
): Promise<TrainedModel> {
  const candidate = await trainCandidate(environment, stores, options);
  try {
    const manifest = await publishCandidate(environment, stores, candidate, options);
    await settleCandidate(candidate);
    return { manifest, skipped: candidate.prepared.skipped, equal: candidate.prepared.equal.length };
  } finally {
    candidate.prepared.close();
  }
}
