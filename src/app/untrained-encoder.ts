import { createViews } from '../augment/create-views.js';
import { VIEW_PRESETS } from '../augment/index.js';
import { AppError } from '../errors.js';
import type { PreparedSamples } from '../images/prepare-samples.js';
import type { ModelManifest } from '../registry/registry.js';
import { createEngine } from '../tensor/create-engine.js';
import { trainEncoder } from '../training/train-encoder.js';
import type { Environment } from './environment.js';

interface NetworkSettings {
  readonly architecture?: string;
  readonly architectureOptions?: unknown;
  readonly whitening?: string;
}

/** What training says where there is nothing to learn from. */
const NONE: readonly string[] = ['TOO_FEW_SAMPLES', 'TRAINING_COLLAPSED', 'TRAINING_DIVERGED'];

/**
 * `encoder.onnx` of the network of a model before it learnt anything: fresh parameters, the pixels of these pictures,
 * and the whitening of the model fitted on them, which is what one training step of no size leaves behind.
 * @returns undefined where there is none: a network that came from a file has no fresh parameters, few pictures or equal
 *   ones can't be trained on
 * @throws AppError CANCELLED
 */
export async function untrainedEncoder(
  environment: Environment,
  { settings: recorded }: ModelManifest,
  { samples }: PreparedSamples,
  { seed, signal }: { readonly seed: number; readonly signal?: AbortSignal | undefined },
): Promise<Uint8Array | undefined> {
  const { architecture, architectureOptions, whitening } = (recorded.training ?? {}) as NetworkSettings;
  if (architecture === undefined || architecture === 'imported') return undefined;
  const { config, cores, now } = environment;
  return trainEncoder({
    samples,
    views: createViews(VIEW_PRESETS[samples.shape[2] === 1 ? 'grey' : 'colour'], samples.shape),
    settings: {
      architecture,
      architectureOptions,
      ...(whitening !== undefined && { whitening }),
      budget: { steps: 1 },
      learningRate: 1e-9,
      seed,
    },
    engine: await createEngine(config.KINDRED_ENGINE, {
      threads: config.KINDRED_THREADS ?? cores,
      layout: config.KINDRED_LAYOUT,
      device: config.KINDRED_DEVICE,
    }),
    now,
    ...(signal && { signal }),
  }).then(
    ({ encoder }) => encoder,
    (cause: unknown) => {
      if (cause instanceof AppError && NONE.includes(cause.code)) return undefined;
      throw cause;
    },
  );
}
