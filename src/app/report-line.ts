import { readFile } from 'node:fs/promises';
import { AppError } from '../errors.js';
import type { PictureSource } from '../images/picture-source.js';
import { Preparation } from '../images/preparation.js';
import type { Environment } from './environment.js';
import { evaluate } from './evaluation-line.js';
import type { Watched } from './index-line.js';
import { makeReport } from './make-report.js';
import { parseSettings } from './parse-settings.js';
import { samplesOf } from './samples-of.js';
import type { Stores } from './stores.js';

/** The report that was published with a model. Throws MODEL_NOT_FOUND, and SETTINGS_INVALID where it has none. */
export async function publishedReport({ registry }: Pick<Stores, 'registry'>, modelId: string): Promise<string> {
  await registry.read(modelId);
  return readFile(registry.path(modelId, 'report.html'), 'utf8').catch((cause: unknown) => {
    if ((cause as { code?: unknown }).code !== 'ENOENT') throw cause;
    const why = `✖ Model ${modelId} was published without a report. Name pictures, and one is made: kindred models report ${modelId} SOURCE`;
    throw new AppError('SETTINGS_INVALID', { why });
  });
}

/**
 * A new report of a published model on pictures of any source; the model's own files stay as they are.
 * @throws AppError MODEL_NOT_FOUND, SOURCE_UNUSABLE, TOO_FEW_SAMPLES, CANCELLED, EVALUATION_IMPOSSIBLE
 */
export async function reportOn(
  environment: Environment,
  stores: Pick<Stores, 'registry'>,
  options: {
    readonly modelId: string;
    readonly source: PictureSource;
    /** The attribute that is the label, where the pictures are sorted: the model is judged by it too. */
    readonly label?: string | undefined;
    readonly work: Pick<Watched, 'progress' | 'signal'>;
  },
): Promise<string> {
  const { modelId, source, label, work } = options;
  const { encoder, parameters, ...rest } = await stores.registry.read(modelId);
  const labelled =
    label === undefined ? undefined : await evaluate(environment, stores, { source, label, models: [modelId], work });
  const prepared = await samplesOf(environment, source, parseSettings(Preparation, rest.preparation), work);
  try {
    const { count } = prepared.samples;
    if (count < 2) throw new AppError('TOO_FEW_SAMPLES', { found: count, needed: 2 });
    return await makeReport({
      model: { ...rest, encoderParameters: encoder.parameters },
      encoder: stores.registry.path(modelId, 'encoder.onnx'),
      parameters: parameters && (await readFile(stores.registry.path(modelId, 'parameters.bin'))),
      source: source.description,
      prepared,
      threads: environment.cores,
      labelled: labelled && label !== undefined ? { label, ...labelled } : undefined,
      progress: work.progress,
      signal: work.signal,
    });
  } finally {
    prepared.close();
  }
}
