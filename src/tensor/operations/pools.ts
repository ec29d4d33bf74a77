import * as tf from '@tensorflow/tfjs-core';
import { declare } from './declare.js';
import { padWindow, seenByTap, sendBack, taps, type Window, windowOutput } from './window.js';

export interface PoolOptions {
  readonly kernel: readonly [number, number];
  readonly strides?: readonly [number, number];
  /** [top, left, bottom, right] */
  readonly pads?: readonly [number, number, number, number];
}
export interface PoolGradAttributes extends Window {
  readonly input: readonly [number, number];
}

/** Mean of each window; the padding counts as zeros, as in PyTorch. [N,C,H,W] -> [N,C,Ho,Wo] */
export function averagePool2d(x: tf.Tensor, options: PoolOptions): tf.Tensor4D {
  return averageForward([x], windowOf(options))[0] as tf.Tensor4D;
}

/** Largest value of each window; the padding never wins. [N,C,H,W] -> [N,C,Ho,Wo]. Of equals the first gets the gradient. */
export function maxPool2d(x: tf.Tensor, options: PoolOptions): tf.Tensor4D {
  return maxForward([x], windowOf(options))[0] as tf.Tensor4D;
}

/** Mean over the map. [N,C,H,W] -> [N,C] */
export function globalAveragePool(x: tf.Tensor): tf.Tensor2D {
  return tf.mean(x, [2, 3]) as tf.Tensor2D;
}

/** Numbers of a pooling matrix from which on rows and columns are averaged one after the other. */
const LARGE = 2 ** 20;

/**
 * Means over h × w windows that cover the map, whatever its size: window i spans floor(i·H/h) to ceil((i+1)·H/h), which
 * overlap where h does not divide H (7 -> 2 takes 0..3 and 3..6), as PyTorch's AdaptiveAvgPool2d does.
 * [N,C,H,W] -> [N,C,h,w]
 */
export function adaptiveAveragePool2d(x: tf.Tensor, size: readonly [number, number]): tf.Tensor4D {
  const [n, c, height, width] = x.shape as [number, number, number, number];
  const rows = spans(height, size[0]);
  const columns = spans(width, size[1]);
  if (height * width * size[0] * size[1] > LARGE) {
    const across = averagedLast(x, columns); // [N, C, H, w]
    const down = averagedLast(tf.transpose(across, [0, 1, 3, 2]), rows); // [N, C, w, h]
    return tf.transpose(down, [0, 1, 3, 2]) as tf.Tensor4D;
  }
  const weights = new Float32Array(height * width * size[0] * size[1]); // [H·W, h·w]
  rows.forEach(([top, bottom], i) => {
    columns.forEach(([left, right], j) => {
      const share = 1 / ((bottom - top) * (right - left));
      for (let y = top; y < bottom; y++)
        for (let z = left; z < right; z++) weights[(y * width + z) * size[0] * size[1] + i * size[1] + j] = share;
    });
  });
  const pooling = tf.tensor2d(weights, [height * width, size[0] * size[1]]);
  const pooled = tf.matMul(tf.reshape(x, [n * c, height * width]) as tf.Tensor2D, pooling);
  return tf.reshape(pooled, [n, c, ...size]);
}

/** Means over spans of the last axis. */
function averagedLast(x: tf.Tensor, over: readonly (readonly [number, number])[]): tf.Tensor {
  const length = x.shape.at(-1)!;
  const weights = new Float32Array(length * over.length);
  over.forEach(([from, to], i) => {
    for (let at = from; at < to; at++) weights[at * over.length + i] = 1 / (to - from);
  });
  const flat = tf.reshape(x, [-1, length]) as tf.Tensor2D;
  return tf.reshape(tf.matMul(flat, tf.tensor2d(weights, [length, over.length])), [
    ...x.shape.slice(0, -1),
    over.length,
  ]);
}

function spans(length: number, count: number): [number, number][] {
  return Array.from({ length: count }, (_, i) => [
    Math.floor((i * length) / count),
    Math.ceil(((i + 1) * length) / count),
  ]);
}

function windowOf(options: PoolOptions): Window {
  const { kernel, strides = kernel, pads = [0, 0, 0, 0] } = options;
  return { kernel, strides, pads, dilations: [1, 1] };
}

const shapes = ([x]: readonly (readonly number[])[], window: Window) => [
  [x![0]!, x![1]!, ...windowOutput(x![2]!, x![3]!, window)],
];
const inputOf = (x: tf.Tensor): [number, number] => [x.shape[2]!, x.shape[3]!];

const averageForward = declare<Window>({
  name: 'KindredAveragePool',
  inputs: ['x'],
  shapes,
  eager: ([x], window) => {
    const output = windowOutput(...inputOf(x!), window);
    const padded = padWindow(x!, window);
    const all = taps(window);
    return [tf.div(tf.addN(all.map((tap) => seenByTap(padded, window, tap, output))), all.length)];
  },
  gradient: {
    saveInputs: ['x'],
    of: ([dy], [x], window) => ({ x: () => averageBackward([dy!], { ...window, input: inputOf(x!) })[0]! }),
  },
});

const averageBackward = declare<PoolGradAttributes>({
  name: 'KindredAveragePoolGrad',
  inputs: ['dy'],
  shapes: ([dy], { input }) => [[dy![0]!, dy![1]!, ...input]],
  eager: ([dy], { input, ...window }) => {
    const share = tf.div(dy!, window.kernel[0] * window.kernel[1]);
    return [sendBack(input, window, () => share)];
  },
});

const maxForward = declare<Window>({
  name: 'KindredMaxPool',
  inputs: ['x'],
  shapes,
  eager: ([x], window) => {
    const output = windowOutput(...inputOf(x!), window);
    const padded = padWindow(x!, window, -3e38);
    const seen = taps(window).map((tap) => seenByTap(padded, window, tap, output));
    return [seen.reduce((best, next) => tf.maximum(best, next))];
  },
  gradient: {
    saveInputs: ['x'],
    of: ([dy], [x], window) => ({ x: () => maxBackward([dy!, x!], { ...window, input: inputOf(x!) })[0]! }),
  },
});

const maxBackward = declare<PoolGradAttributes>({
  name: 'KindredMaxPoolGrad',
  inputs: ['dy', 'x'],
  shapes: ([, x]) => [x!],
  eager: ([dy, x], { input, ...window }) => {
    const output = windowOutput(...input, window);
    const padded = padWindow(x!, window, -3e38);
    const seen = taps(window).map((tap) => seenByTap(padded, window, tap, output));
    const best = seen.reduce((left, right) => tf.maximum(left, right));
    let open: tf.Tensor = tf.onesLike(best);
    const shares = seen.map((values) => {
      const wins = tf.mul(open, tf.cast(tf.equal(values, best), 'float32'));
      open = tf.sub(open, wins);
      return tf.mul(dy!, wins);
    });
    return [sendBack(input, window, (_, index) => shares[index]!)];
  },
});
