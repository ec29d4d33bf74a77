import * as tf from '@tensorflow/tfjs-core';
import type { Call, OperatorTable } from '../operator.js';

/** Operators that make a map larger or smaller: one product with a matrix of shares for each axis that changes. */
export const RESIZE: OperatorTable = {
  Resize: { run: resize, fixed: [1, 2] },
  Upsample: { run: resize, fixed: [1] },
};

/** How places of the new axis lie on the old one. */
interface Axis {
  readonly length: number;
  readonly wanted: number;
  readonly scale: number;
}

function resize(call: Call): tf.Tensor {
  if (call.number('antialias', 0) === 1) call.refuse('it smooths before it shrinks');
  if (call.text('keep_aspect_ratio_policy', 'stretch') !== 'stretch') call.refuse('it keeps the shape of the picture');
  const x = call.tensor(0);
  const axes = call.list('axes') ?? x.shape.map((_, axis) => axis);
  const scales = nonEmpty(call.list('scales', call.surroundings.opset < 11 ? 1 : 2));
  const sizes = nonEmpty(call.numbers(3));
  return axes.reduce((y, axis, i) => {
    const length = y.shape[axis]!;
    const wanted = sizes?.[i] ?? Math.floor(length * (scales?.[i] ?? 1));
    if (wanted === length) return y;
    return along(y, axis, shares(call, { length, wanted, scale: sizes ? wanted / length : scales![i]! }), wanted);
  }, x);
}

const nonEmpty = (list: number[] | undefined): number[] | undefined => (list?.length ? list : undefined);

/** x · matrix along one axis. */
function along(x: tf.Tensor, axis: number, matrix: Float32Array, wanted: number): tf.Tensor {
  const length = x.shape[axis]!;
  const perm = x.shape.map((_, other) => other);
  [perm[axis], perm[x.rank - 1]] = [x.rank - 1, axis]; // a swap undoes itself
  const turned = tf.transpose(x, perm);
  const rows = tf.reshape(turned, [-1, length]) as tf.Tensor2D;
  const product = tf.matMul(rows, tf.tensor2d(matrix, [length, wanted]));
  return tf.transpose(tf.reshape(product, turned.shape.with(-1, wanted)), perm);
}

/** [length, wanted]: how much each old place gives to each new one. */
function shares(call: Call, axis: Axis): Float32Array {
  const { length, wanted } = axis;
  const matrix = new Float32Array(length * wanted);
  const add = (place: number, to: number, share: number) => {
    matrix[Math.max(0, Math.min(length - 1, place)) * wanted + to]! += share;
  };
  const mode = call.text('mode', 'nearest');
  for (let i = 0; i < wanted; i++) {
    const place = placeOf(call, axis, i);
    const low = Math.floor(place);
    if (mode === 'nearest') add(nearest(call, place), i, 1);
    else if (mode === 'linear') {
      const inside = Math.max(0, Math.min(length - 1, place));
      const first = Math.floor(inside);
      add(first, i, 1 - (inside - first));
      add(first + 1, i, inside - first);
    } else if (mode === 'cubic')
      for (let tap = -1; tap <= 2; tap++)
        add(low + tap, i, cubic(call.number('cubic_coeff_a', -0.75), place - low - tap));
    else call.refuse(`it interpolates by "${mode}"`);
  }
  return matrix;
}

function placeOf(call: Call, { length, wanted, scale }: Axis, i: number): number {
  const rule = call.text('coordinate_transformation_mode', call.surroundings.opset < 11 ? 'asymmetric' : 'half_pixel');
  const places: Readonly<Record<string, () => number>> = {
    half_pixel: () => (i + 0.5) / scale - 0.5,
    pytorch_half_pixel: () => (wanted > 1 ? (i + 0.5) / scale - 0.5 : 0),
    align_corners: () => (wanted > 1 ? (i * (length - 1)) / (wanted - 1) : 0),
    asymmetric: () => i / scale,
  };
  return places[rule]?.() ?? call.refuse(`it places pixels by "${rule}"`);
}

function nearest(call: Call, place: number): number {
  const rule = call.text('nearest_mode', call.surroundings.opset < 11 ? 'floor' : 'round_prefer_floor');
  const roundings: Readonly<Record<string, () => number>> = {
    floor: () => Math.floor(place),
    ceil: () => Math.ceil(place),
    round_prefer_floor: () => Math.ceil(place - 0.5),
    round_prefer_ceil: () => Math.floor(place + 0.5),
  };
  return roundings[rule]?.() ?? call.refuse(`it rounds by "${rule}"`);
}

/** Keys 1981, "Cubic convolution interpolation for digital image processing", eq. 15, with the given coefficient. */
function cubic(a: number, distance: number): number {
  const d = Math.abs(distance);
  if (d <= 1) return ((a + 2) * d - (a + 3)) * d * d + 1;
  return d < 2 ? ((a * d - 5 * a) * d + 8 * a) * d - 4 * a : 0;
}
