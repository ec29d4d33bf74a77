import { Random } from '../core/random.js';
import { unit } from '../core/vectors.js';
import type { Encoder } from '../encoder/encoder.js';
import { interval } from './interval.js';
import { probeView } from './probe-view.js';
import { rowProducts } from './row-products.js';
import { countRows, type Rows, rowsOfEncoder } from './rows.js';
import { scores } from './scores.js';

/** The seed of every probe there will ever be: probes are declared once, so that models of different days compare. */
const PROBE_SEED = 20_251;
/** Pictures in a probe, at most. */
export const PROBE_PICTURES = 500;

/**
 * Two changed views of each probe picture, to be matched without labels. Within one run and one feature width the score
 * follows what the encoder is good for; across recipes it only tells much worse and collapsed from sound.
 */
export interface Probes {
  /** What the encoder must take: `[height, width, channels]`. */
  readonly shape: readonly number[];
  readonly first: readonly Uint8Array[];
  /** The other view of the same picture, by number. */
  readonly second: readonly Uint8Array[];
}

/** How many of the probe views find the other one of their picture. */
export interface MatchScore {
  /** Share of views whose nearest among all other views is the other one of their picture; a tie is a miss. */
  readonly recall: number;
  /** 95% interval of the recall, resampling pictures. */
  readonly low: number;
  readonly high: number;
  /** By picture: 0, 0.5 or 1 of its two views found, for paired comparisons. */
  readonly hits: Float32Array;
}

/** How an encoder does on some probes. */
export interface ProbeScore extends MatchScore {
  readonly dimension: number;
  readonly alignment: number;
  readonly uniformity: number;
  readonly effectiveRank: number;
  readonly deviation: number;
}

/**
 * Declares the probes of a collection of samples: at most 500, evenly spaced, two views each. The same samples always give
 * the same probes, and picture n gets the same views at whatever size it was prepared.
 */
export function declareProbes(samples: readonly Uint8Array[], shape: readonly number[]): Probes {
  const count = Math.min(samples.length, PROBE_PICTURES);
  const random = new Random(PROBE_SEED);
  const views = (which: 'first' | 'second'): Uint8Array[] =>
    Array.from({ length: count }, (_, i) =>
      probeView(samples[Math.floor((i * samples.length) / count)]!, shape, random.fork(`${which}/${i}`)),
    );
  return { shape, first: views('first'), second: views('second') };
}

/** Scores an encoder. Throws what the encoder throws, and a RangeError for fewer than two pictures. */
export async function scoreProbes(probes: Probes, encoder: Encoder): Promise<ProbeScore> {
  const count = probes.first.length;
  if (count < 2) throw new RangeError(`Expected at least 2 probe pictures, received ${count}.`);
  const rows = await rowsOfEncoder(encoder, [...probes.first, ...probes.second]);
  const { values, dimension } = rows;
  if (!values.every(Number.isFinite)) throw new RangeError('The encoder gives numbers that are not finite.');
  const half = values.length / 2;
  const first = scores(values.subarray(0, half), dimension, values.subarray(half));
  return {
    ...(await matchViews(rows)),
    dimension,
    alignment: first.alignment ?? Number.NaN,
    uniformity: first.uniformity,
    effectiveRank: first.effectiveRank,
    deviation: first.deviation,
  };
}

/** Scores unit rows of whatever kind: those of the first views, then those of the second views. */
export async function matchViews(rows: Rows): Promise<MatchScore> {
  const hits = await pairHits(rows);
  const { mean, low, high } = interval(hits, new Random(PROBE_SEED));
  return { recall: mean, low, high, hits };
}

/** Rows are the first views, then the second views; a view is found where it beats every view of other pictures. */
async function pairHits(rows: Rows): Promise<Float32Array> {
  const total = countRows(rows);
  const count = total / 2;
  const hits = new Float32Array(count);
  for await (const { start, count: length, products } of rowProducts(rows, rows)) {
    for (let i = 0; i < length; i++) {
      const view = start + i;
      const partner = (view + count) % total;
      const line = products.subarray(i * total, (i + 1) * total);
      const found = line.every((value, other) => other === view || other === partner || value < line[partner]!);
      if (found) hits[view % count]! += 0.5;
    }
  }
  return hits;
}

/** Raw pixels as an encoder, each picture minus its mean: the floor that a learned encoder has to pass. */
export function pixelEncoder(shape: readonly number[]): Encoder {
  const dimension = shape.reduce((a, b) => a * b, 1);
  return {
    dimension,
    sample: { shape },
    async encode(samples) {
      return samples.map((sample) => {
        const mean = sample.reduce((a, b) => a + b, 0) / sample.length;
        return unit(Float32Array.from(sample, (value) => value - mean));
      });
    },
    async close() {},
  };
}
