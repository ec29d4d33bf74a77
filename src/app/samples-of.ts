import { PROBE_PICTURES } from '../evaluation/probes.js';
import type { PictureSource } from '../images/picture-source.js';
import type { Preparation } from '../images/preparation.js';
import { type PreparedSamples, prepareSamples } from '../images/prepare-samples.js';
import type { Environment } from './environment.js';
import type { Watched } from './index-line.js';
import { folders, pictureLimits } from './stores.js';

/** The samples of a source, prepared through the cache of this installation. */
export function samplesOf(
  environment: Environment,
  source: PictureSource,
  preparation: Preparation,
  work: Pick<Watched, 'progress' | 'signal'>,
  { dropEqual = true }: { readonly dropEqual?: boolean } = {},
): Promise<PreparedSamples> {
  return prepareSamples(source, preparation, {
    cacheFolder: folders(environment).samples,
    now: environment.now,
    limits: pictureLimits(environment),
    concurrency: Math.max(2, environment.cores * 2),
    memoryBytes: samplesBytes(environment),
    dropEqual,
    ...work,
  });
}

/** Memory that prepared pictures may take; more are read from disk. */
export const samplesBytes = ({ config }: Environment): number => config.KINDRED_SAMPLES_MB * 2 ** 20;

/** Samples copied out, evenly spaced: as many as probes and verdicts look at, and just those. */
export function copies({ samples }: Pick<PreparedSamples, 'samples'>): Uint8Array[] {
  const count = Math.min(samples.count, PROBE_PICTURES);
  return Array.from({ length: count }, (_, i) => samples.read(Math.floor((i * samples.count) / count)).slice());
}
