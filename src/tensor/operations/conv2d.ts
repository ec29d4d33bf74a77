import * as tf from '@tensorflow/tfjs-core';
import { declare } from './declare.js';
import { padWindow, seenByTap, sendBack, taps, type Window, windowOutput } from './window.js';

export interface Conv2dOptions {
  readonly strides?: readonly [number, number];
  /** [top, left, bottom, right] */
  readonly pads?: readonly [number, number, number, number];
  readonly dilations?: readonly [number, number];
  readonly groups?: number;
}
/** What the three convolution nodes of a graph carry. */
export interface Conv2dAttributes extends Window {
  readonly groups: number;
}
/** `input` is [H, W] of what the convolution read: a stride loses it. */
export interface Conv2dInputGradAttributes extends Conv2dAttributes {
  readonly input: readonly [number, number];
}
type Shape4 = readonly [number, number, number, number];

/**
 * 2-D convolution (cross-correlation, as every deep-learning library means it). Depthwise where groups = C.
 * @param x [N, C, H, W]
 * @param w [O, C / groups, kh, kw]
 * @returns [N, O, Ho, Wo]
 */
export function conv2d(x: tf.Tensor, w: tf.Tensor, options: Conv2dOptions = {}): tf.Tensor4D {
  const [, , kh, kw] = w.shape as unknown as Shape4;
  const attributes: Conv2dAttributes = {
    kernel: [kh, kw],
    strides: options.strides ?? [1, 1],
    pads: options.pads ?? [0, 0, 0, 0],
    dilations: options.dilations ?? [1, 1],
    groups: options.groups ?? 1,
  };
  return forward([x, w], attributes)[0] as tf.Tensor4D;
}

const forward = declare<Conv2dAttributes>({
  name: 'KindredConv2d',
  inputs: ['x', 'w'],
  shapes: ([x, w], window) => [[x![0]!, w![0]!, ...windowOutput(x![2]!, x![3]!, window)]],
  eager: ([x, w], window) => {
    const [n, c, height, width] = x!.shape as unknown as Shape4;
    const [o] = w!.shape as unknown as Shape4;
    const output = windowOutput(height, width, window);
    const padded = padWindow(x!, window);
    const parts = taps(window).map((tap) => {
      const seen = tf.reshape(seenByTap(padded, window, tap, output), [n, window.groups, c / window.groups, -1]);
      return tf.matMul(weightsOfTap(w!, tap, n, window.groups), seen);
    });
    return [tf.reshape(tf.addN(parts), [n, o, ...output])];
  },
  gradient: {
    saveInputs: ['x', 'w'],
    of: ([dy], [x, w], window) => ({
      x: () => inputGrad([dy!, w!], { ...window, input: [x!.shape[2]!, x!.shape[3]!] })[0]!,
      w: () => filterGrad([x!, dy!], window)[0]!,
    }),
  },
});

const inputGrad = declare<Conv2dInputGradAttributes>({
  name: 'KindredConv2dInputGrad',
  inputs: ['dy', 'w'],
  shapes: ([dy, w], { groups, input }) => [[dy![0]!, w![1]! * groups, ...input]],
  eager: ([dy, w], { input, ...window }) => {
    const [n, o, height, width] = dy!.shape as unknown as Shape4;
    const channels = w!.shape[1]! * window.groups;
    const rows = tf.reshape(dy!, [n, window.groups, o / window.groups, height * width]);
    const fromTap = (tap: [number, number]) =>
      tf.reshape(tf.matMul(weightsOfTap(w!, tap, n, window.groups), rows, true), [n, channels, height, width]);
    return [sendBack(input, window, fromTap)];
  },
});

const filterGrad = declare<Conv2dAttributes>({
  name: 'KindredConv2dFilterGrad',
  inputs: ['x', 'dy'],
  shapes: ([x, dy], { groups, kernel }) => [[dy![1]!, x![1]! / groups, ...kernel]],
  eager: ([x, dy], window) => {
    const [n, c] = x!.shape as unknown as Shape4;
    const [, o, height, width] = dy!.shape as unknown as Shape4;
    const padded = padWindow(x!, window);
    const rows = tf.reshape(dy!, [n, window.groups, o / window.groups, -1]);
    const parts = taps(window).map((tap) => {
      const seen = tf.reshape(seenByTap(padded, window, tap, [height, width]), [
        n,
        window.groups,
        c / window.groups,
        -1,
      ]);
      return tf.sum(tf.matMul(rows, seen, false, true), 0); // [groups, O/groups, C/groups]
    });
    return [tf.reshape(tf.stack(parts, 3), [o, c / window.groups, ...window.kernel])];
  },
});

/** [N, groups, O/groups, C/groups]: the weights of one tap, once for each picture. */
function weightsOfTap(w: tf.Tensor, tap: [number, number], n: number, groups: number): tf.Tensor {
  const [o, c] = w.shape as unknown as Shape4;
  const one = tf.reshape(tf.slice(w, [0, 0, ...tap], [o, c, 1, 1]), [1, groups, o / groups, c]);
  return tf.tile(one, [n, 1, 1, 1]);
}
