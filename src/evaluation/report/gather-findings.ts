import { type Progress, silent } from '../../core/progress.js';
import { Random } from '../../core/random.js';
import type { Encoder } from '../../encoder/encoder.js';
import { AppError } from '../../errors.js';
import { BASELINES } from '../baselines.js';
import { declareProbes, PROBE_PICTURES, scoreProbes } from '../probes.js';
import { rowsOfEncoder } from '../rows.js';
import type { Findings, LabelledFindings, ReportedModel } from './findings.js';
import { gatherContestants } from './gather-contestants.js';
import { gatherInvariance, type Sweep } from './gather-invariance.js';
import { gatherMap } from './gather-map.js';
import { gatherNeighbourhoods } from './gather-neighbourhoods.js';
import { pixelRows } from './pixel-rows.js';

/** The seed of whatever a report draws: the same model and pictures give the same report. */
const SEED = 1;

/** What a report is made from; whoever asks for one knows where these come from. */
export interface Inspected {
  readonly model: ReportedModel;
  readonly encoder: Encoder;
  /** The network before its first step, where it can be made again. */
  readonly untrained?: Encoder | undefined;
  /** For people: where the pictures come from. */
  readonly source: string;
  /** At most 500 pictures, prepared as the encoder wants them, and a name for each. */
  readonly samples: readonly Uint8Array[];
  readonly names: readonly string[];
  /** A small picture of a sample as a data URI. */
  readonly thumbnail: (sample: Uint8Array) => Promise<string>;
  readonly sweeps: readonly Sweep[];
  /** What labels say of the model, where there are any. */
  readonly labelled?: LabelledFindings | undefined;
  readonly progress?: Progress | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** What is looked at beside the ways of changing a picture: its other view, the rivals, neighbours and map, thumbnails. */
const PARTS = 4;

/**
 * Looks at a model from all sides: some thousand samples are encoded.
 * @throws AppError CANCELLED, what the encoder throws, and a RangeError with fewer than 2 or more than 500 pictures
 */
export async function gatherFindings(inspected: Inspected): Promise<Findings> {
  const { model, encoder, untrained, source, samples, names, thumbnail, sweeps, labelled, signal } = inspected;
  if (samples.length < 2 || samples.length > PROBE_PICTURES)
    throw new RangeError(`Expected 2 to ${PROBE_PICTURES} pictures, received ${samples.length}.`);
  const progress = inspected.progress ?? silent;
  let done = 0;
  const said = (): void => progress({ stage: 'report', done: done++, total: PARTS + sweeps.length, unit: 'parts' });
  const goOn = (): void => {
    if (signal?.aborted) throw new AppError('CANCELLED', { what: 'The report' });
    said();
  };
  said();
  const { shape } = encoder.sample;
  const random = new Random(SEED);

  const probes = declareProbes(samples, shape);
  const score = await scoreProbes(probes, encoder);
  goOn();
  const contestants = await gatherContestants({ probes, samples, model: score, untrained });
  goOn();
  const embeddings = await rowsOfEncoder(encoder, samples);
  const raw = pixelRows(samples, shape);
  const pixels = await BASELINES['centred-pixels'](raw)(raw);
  const neighbourhoods = await gatherNeighbourhoods(embeddings, pixels, random.fork('neighbours'));
  const map = await gatherMap(embeddings);
  goOn();
  const invariance = await gatherInvariance(encoder, samples, sweeps, random.fork('invariance'), goOn);
  const thumbnails = await Promise.all(samples.map(thumbnail));
  goOn();
  return { model, pool: { source, names, thumbnails }, score, contestants, labelled, neighbourhoods, map, invariance };
}
