import { type Pca, pca } from './pca.js';
import { rowProducts } from './row-products.js';
import { countRows, type Rows, unitRows } from './rows.js';

/** Turns rows of pixels into unit rows to compare by cosine. */
export type Transform = (pixels: Rows) => Promise<Rows>;
/** What no learning gives: fitted on training pictures (never on labels), used on any. */
export type Baseline = (training: Rows) => Transform;

const table = <Name extends string>(rows: Readonly<Record<Name, Baseline>>) => rows;

/** Rows PCA is fitted on, evenly spaced: more change nothing in the first two digits, and take a minute. */
const FITTED_ROWS = 20_000;
/** Added to each variance, as a share of the largest, before whitening divides by it: noise is not blown up. */
const FLOOR = 1e-3;

/**
 * Every baseline that an encoder has to beat. Adding one: its line here. The untrained network is not among them: it is an
 * encoder, and whoever can make one hands it to the same measures.
 */
export const BASELINES = table({
  pixels: () => async (pixels) => unitRows(pixels),
  'centred-pixels': () => async (pixels) => unitRows(centred(pixels)),
  'pixels-half-whitened': (training) => projected(training, { centre: true, power: 0.25 }),
  'whitened-pixels': (training) => projected(training, { centre: false, power: 0.5 }),
  'pca-64': (training) => projected(training, { centre: false, power: 0, components: 64 }),
});
export type BaselineName = keyof typeof BASELINES;

interface Projection {
  /** Whether each picture first loses its own mean, so that brightness does not count. */
  readonly centre: boolean;
  /** Each axis is divided by its variance to this power: 0 leaves it, 0.5 whitens, 0.25 is half-way. */
  readonly power: number;
  /** Axes kept; all unless said. */
  readonly components?: number;
}

/** Unit length, minus the mean of the training rows, on the principal axes, scaled, unit length. */
function projected(training: Rows, { centre, power, components }: Projection): Transform {
  const prepare = (rows: Rows): Rows => unitRows(centre ? centred(rows) : rows);
  const { dimension } = training;
  return async (pixels) => {
    const fitted = await axesOf(training, centre, () =>
      pca(prepare(everyNth(training, FITTED_ROWS)).values, dimension),
    );
    const kept = Math.min(components ?? dimension, dimension);
    const axes = fitted.components.slice(0, kept * dimension);
    const floor = FLOOR * fitted.eigenvalues[0]!;
    for (let k = 0; k < kept; k++) {
      const scale = (fitted.eigenvalues[k]! + floor) ** -power;
      for (let i = 0; i < dimension; i++) axes[k * dimension + i]! *= scale;
    }
    const rows = prepare(pixels);
    const { values } = rows;
    for (let at = 0; at < values.length; at++) values[at]! -= fitted.mean[at % dimension]!;
    const out = new Float32Array(countRows(rows) * kept);
    for await (const { start, products } of rowProducts(rows, { values: axes, dimension }))
      out.set(products, start * kept);
    return unitRows({ values: out, dimension: kept });
  };
}

/** Several baselines share their axes, which cost a minute for a thousand dimensions: kept while the pixels are. */
const known = new WeakMap<Float32Array, Map<boolean, Promise<Pca>>>();

function axesOf(training: Rows, centre: boolean, compute: () => Promise<Pca>): Promise<Pca> {
  const kept = known.get(training.values) ?? new Map<boolean, Promise<Pca>>();
  known.set(training.values, kept);
  const fitted = kept.get(centre) ?? compute();
  kept.set(centre, fitted);
  return fitted;
}

/** Each row minus its own mean. */
function centred(rows: Rows): Rows {
  const { dimension } = rows;
  const values = rows.values.slice();
  for (let start = 0; start < values.length; start += dimension) {
    const row = values.subarray(start, start + dimension);
    let sum = 0;
    for (let k = 0; k < dimension; k++) sum += row[k]!;
    const mean = sum / dimension;
    for (let k = 0; k < dimension; k++) row[k]! -= mean;
  }
  return { values, dimension };
}

function everyNth(rows: Rows, wanted: number): Rows {
  const { dimension } = rows;
  const count = countRows(rows);
  if (count <= wanted) return rows;
  const values = new Float32Array(wanted * dimension);
  for (let i = 0; i < wanted; i++) {
    const from = Math.floor((i * count) / wanted) * dimension;
    values.set(rows.values.subarray(from, from + dimension), i * dimension);
  }
  return { values, dimension };
}
