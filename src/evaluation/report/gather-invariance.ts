import type { Random } from '../../core/random.js';
import { clampSimilarity } from '../../core/vectors.js';
import type { Encoder } from '../../encoder/encoder.js';
import { BASELINES } from '../baselines.js';
import { countRows, type Rows, rowsOfEncoder } from '../rows.js';
import type { Findings } from './findings.js';
import { pixelRows } from './pixel-rows.js';

/** One way of changing a sample, turned up step by step (`augment/view-sweeps.ts` makes them). */
export interface Sweep {
  readonly name: string;
  /** What is turned, for people. */
  readonly dial: string;
  readonly steps: readonly {
    readonly strength: number;
    apply(sample: Uint8Array, random: Random): Uint8Array;
  }[];
}

/** Pictures that are changed in every way at every strength: means of so many move by a hundredth or two. */
const PICTURES = 48;

/**
 * How alike pictures and their changed copies are to the model, and to raw pixels; each line begins at 1, unchanged.
 * `goOn` is called after each way of changing them, and may throw.
 */
export async function gatherInvariance(
  encoder: Encoder,
  samples: readonly Uint8Array[],
  sweeps: readonly Sweep[],
  random: Random,
  goOn: () => void = () => {},
): Promise<Findings['invariance']> {
  const { shape } = encoder.sample;
  const count = Math.min(PICTURES, samples.length);
  const some = Array.from({ length: count }, (_, i) => samples[Math.floor((i * samples.length) / count)]!);
  const look = async (pictures: readonly Uint8Array[]) => {
    const raw = pixelRows(pictures, shape);
    return { model: await rowsOfEncoder(encoder, pictures), pixels: await BASELINES['centred-pixels'](raw)(raw) };
  };
  const plain = await look(some);

  const views: Findings['invariance']['views'][number][] = [];
  for (const { name, dial, steps } of sweeps) {
    const points = [{ strength: 0, model: 1, pixels: 1 }];
    for (const { strength, apply } of steps) {
      const changed = await look(some.map((sample, i) => apply(sample, random.fork(`${name}/${i}`))));
      points.push({
        strength,
        model: meanCosine(plain.model, changed.model),
        pixels: meanCosine(plain.pixels, changed.pixels),
      });
    }
    views.push({ view: name, dial, points });
    goOn();
  }
  return { pictures: count, views, apart: { model: apart(plain.model), pixels: apart(plain.pixels) } };
}

/** Of row i with row i. */
function meanCosine(a: Rows, b: Rows): number {
  let sum = 0;
  for (let i = 0; i < a.values.length; i++) sum += a.values[i]! * b.values[i]!;
  return clampSimilarity(sum / countRows(a));
}

/** Mean cosine of two different rows: (|sum of the rows|² − n) / (n (n − 1)). */
function apart(rows: Rows): number {
  const count = countRows(rows);
  const sum = new Float64Array(rows.dimension);
  for (let i = 0; i < rows.values.length; i++) sum[i % rows.dimension]! += rows.values[i]!;
  const squares = sum.reduce((total, value) => total + value * value, 0);
  return clampSimilarity((squares - count) / (count * (count - 1)));
}
