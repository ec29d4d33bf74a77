import { minimise } from '../core/minimise.js';
import { AppError } from '../errors.js';
import { rowProducts } from './row-products.js';
import { countRows, type Rows } from './rows.js';

/** A linear classifier on frozen features: what they hold that a hyperplane can read. */
export interface LinearProbe {
  readonly classes: number;
  /** `[classes, dimension]`, for features as they are: scores(x) = weights · x + biases. */
  readonly weights: Float32Array;
  /** `[classes]` */
  readonly biases: Float32Array;
  /** `[rows, classes]`: the scores that softmax turns into probabilities. */
  logits(rows: Rows): Promise<Float32Array>;
  /** The label with the highest score for each row. */
  predict(rows: Rows): Promise<Int32Array>;
  /** Share of rows whose label is predicted. */
  accuracy(rows: Rows, labels: ArrayLike<number>): Promise<number>;
}

export interface LinearProbeOptions {
  /** Weight of the squared weights in the objective, biases apart. */
  readonly decay?: number;
  readonly iterations?: number;
  /**
   * What is brought to a standard deviation of 1: each dimension, or all together by one factor, so that what varies
   * little says little. The latter is for few labels, which can't tell that what varies little is mostly noise.
   */
  readonly scaling?: 'each' | 'all';
  /** How many labels there are, where the rows may lack some. */
  readonly classes?: number;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Multinomial logistic regression on standardised features, by L-BFGS on the whole set, from zero: no learning rate to
 * tune and no chance in it. Labels are 0 to classes − 1. Between two passes over the rows the event loop has a turn.
 * @throws AppError CANCELLED once `signal` is aborted
 */
export async function linearProbe(
  rows: Rows,
  labels: ArrayLike<number>,
  options: LinearProbeOptions = {},
): Promise<LinearProbe> {
  const { decay = 1e-4, iterations = 60, signal } = options;
  const { dimension } = rows;
  const scaling = standardisation(rows, options.scaling ?? 'each');
  const features: Rows = { values: scaling.apply(rows), dimension };
  const transposed = transpose(features);
  let classes = options.classes ?? 0;
  for (let i = 0; i < labels.length; i++) classes = Math.max(classes, labels[i]! + 1);
  const objective = (point: Float64Array, gradient: Float64Array): Promise<number> => {
    if (signal?.aborted) throw new AppError('CANCELLED', { what: 'Fitting a linear classifier' });
    return crossEntropy({ features, transposed, labels, classes, decay }, point, gradient);
  };
  const point = await minimise(objective, new Float64Array(classes * (dimension + 1)), iterations);

  const { weights, biases } = unscaled(point, classes, scaling);
  const logits = async (given: Rows): Promise<Float32Array> => {
    const out = new Float32Array(countRows(given) * classes);
    for await (const { start, products } of rowProducts(given, { values: weights, dimension }))
      for (let at = 0; at < products.length; at++) out[start * classes + at] = products[at]! + biases[at % classes]!;
    return out;
  };
  const predict = async (given: Rows): Promise<Int32Array> => {
    const scores = await logits(given);
    return Int32Array.from({ length: countRows(given) }, (_, i) => {
      const own = scores.subarray(i * classes, (i + 1) * classes);
      return own.indexOf(own.reduce((a, b) => Math.max(a, b)));
    });
  };
  return {
    classes,
    weights,
    biases,
    logits,
    predict,
    async accuracy(given, wanted) {
      const found = await predict(given);
      return found.reduce((right, label, i) => right + Number(label === wanted[i]), 0) / found.length;
    },
  };
}

interface Standardisation {
  readonly mean: Float64Array;
  /** 1 / standard deviation; 0 for a constant dimension. */
  readonly scale: Float64Array;
  apply(rows: Rows): Float32Array;
}

/** Mean 0 and standard deviation 1, as measured on the training rows; what is constant becomes 0. */
function standardisation(rows: Rows, scaling: 'each' | 'all'): Standardisation {
  const { dimension, values } = rows;
  const count = countRows(rows);
  const [mean, spread] = [new Float64Array(dimension), new Float64Array(dimension)];
  for (let at = 0; at < values.length; at++) mean[at % dimension]! += values[at]! / count;
  for (let at = 0; at < values.length; at++)
    spread[at % dimension]! += (values[at]! - mean[at % dimension]!) ** 2 / count;
  if (scaling === 'all') spread.fill(spread.reduce((sum, square) => sum + square) / dimension);
  const scale = spread.map((square) => (square > 1e-12 ? 1 / Math.sqrt(square) : 0));
  const apply = (given: Rows) =>
    given.values.map((value, at) => (value - mean[at % dimension]!) * scale[at % dimension]!);
  return { mean, scale, apply };
}

/** What was learnt on standardised features, for features as they are. */
function unscaled(point: Float64Array, classes: number, { mean, scale }: Standardisation) {
  const dimension = mean.length;
  const weights = new Float32Array(classes * dimension);
  const biases = new Float32Array(classes);
  for (let c = 0; c < classes; c++) {
    let bias = point[classes * dimension + c]!;
    for (let k = 0; k < dimension; k++) {
      const weight = point[c * dimension + k]! * scale[k]!;
      weights[c * dimension + k] = weight;
      bias -= weight * mean[k]!;
    }
    biases[c] = bias;
  }
  return { weights, biases };
}

function transpose({ values, dimension }: Rows): Rows {
  const count = values.length / dimension;
  const out = new Float32Array(values.length);
  for (let i = 0; i < count; i++) for (let k = 0; k < dimension; k++) out[k * count + i] = values[i * dimension + k]!;
  return { values: out, dimension: count };
}

interface Problem {
  readonly features: Rows;
  readonly transposed: Rows;
  readonly labels: ArrayLike<number>;
  readonly classes: number;
  readonly decay: number;
}

/**
 * Mean of −log softmax(logits)[label], plus decay/2 · |weights|²; writes the gradient. A point is the weights,
 * `[classes, dimension]`, and then the biases.
 */
async function crossEntropy(
  { features, transposed, labels, classes, decay }: Problem,
  point: Float64Array,
  gradient: Float64Array,
): Promise<number> {
  const { dimension } = features;
  const count = countRows(features);
  const biasesAt = classes * dimension;
  const weights = { values: Float32Array.from(point.subarray(0, biasesAt)), dimension };
  const errors = new Float32Array(classes * count); // d loss / d logits, [classes, count]
  gradient.fill(0);
  let loss = 0;
  for await (const { start, count: here, products } of rowProducts(features, weights)) {
    for (let i = 0; i < here; i++) {
      const label = labels[start + i]!;
      const logit = (c: number): number => products[i * classes + c]! + point[biasesAt + c]!;
      let peak = Number.NEGATIVE_INFINITY; // subtracted so that exp can't overflow
      for (let c = 0; c < classes; c++) peak = Math.max(peak, logit(c));
      let total = 0;
      for (let c = 0; c < classes; c++) total += Math.exp(logit(c) - peak);
      loss += (peak + Math.log(total) - logit(label)) / count;
      for (let c = 0; c < classes; c++) {
        const error = (Math.exp(logit(c) - peak) / total - Number(c === label)) / count;
        errors[c * count + start + i] = error;
        gradient[biasesAt + c]! += error;
      }
    }
  }
  const slopes = rowProducts({ values: errors, dimension: count }, transposed);
  for await (const { start, products } of slopes) gradient.set(products, start * dimension);
  for (let at = 0; at < biasesAt; at++) {
    loss += (decay / 2) * point[at]! ** 2;
    gradient[at]! += decay * point[at]!;
  }
  return loss;
}
