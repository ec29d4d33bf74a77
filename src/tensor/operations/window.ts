import * as tf from '@tensorflow/tfjs-core';

/** A window that slides over [H, W]. Pads are [top, left, bottom, right], in pixels. */
export interface Window {
  readonly kernel: readonly [number, number];
  readonly strides: readonly [number, number];
  readonly pads: readonly [number, number, number, number];
  readonly dilations: readonly [number, number];
}

/** [Ho, Wo] of a window over [H, W]; positions that don't fit whole are dropped, as PyTorch does. */
export function windowOutput(height: number, width: number, window: Window): [number, number] {
  const [top, left, bottom, right] = window.pads;
  const one = (size: number, axis: 0 | 1) =>
    Math.floor((size - (window.kernel[axis] - 1) * window.dilations[axis] - 1) / window.strides[axis]) + 1;
  return [one(height + top + bottom, 0), one(width + left + right, 1)];
}

/** x [N,C,H,W] with its pads. */
export function padWindow(x: tf.Tensor, window: Window, value = 0): tf.Tensor {
  const [top, left, bottom, right] = window.pads;
  return tf.pad(
    x,
    [
      [0, 0],
      [0, 0],
      [top, bottom],
      [left, right],
    ],
    value,
  );
}

/** The position (row, column) of each tap of the window, row by row. */
export function taps(window: Window): [number, number][] {
  const [height, width] = window.kernel;
  return Array.from({ length: height * width }, (_, i) => [Math.floor(i / width), i % width]);
}

/** What one tap of the window sees of a padded x [N,C,Hp,Wp]: [N,C,Ho,Wo]. */
export function seenByTap(
  padded: tf.Tensor,
  window: Window,
  tap: [number, number],
  output: [number, number],
): tf.Tensor {
  const [n, c] = padded.shape as [number, number];
  const start = [tap[0] * window.dilations[0], tap[1] * window.dilations[1]] as const;
  const end = output.map((size, axis) => start[axis]! + (size - 1) * window.strides[axis as 0 | 1] + 1);
  return tf.stridedSlice(padded, [0, 0, ...start], [n, c, ...end], [1, 1, ...window.strides]);
}

/** The adjoint of `seenByTap` for all taps at once: sums what each tap sends back into [N,C,H,W]. */
export function sendBack(
  size: readonly [number, number],
  window: Window,
  gradientOfTap: (tap: [number, number], index: number) => tf.Tensor,
): tf.Tensor {
  const [top, left, bottom, right] = window.pads;
  const padded = [size[0] + top + bottom, size[1] + left + right] as const;
  const parts = taps(window).map((tap, index) => {
    const spread = spreadOut(gradientOfTap(tap, index), window.strides);
    const [, , height, width] = spread.shape as [number, number, number, number];
    const y = tap[0] * window.dilations[0];
    const x = tap[1] * window.dilations[1];
    return tf.pad(spread, [
      [0, 0],
      [0, 0],
      [y, padded[0] - y - height],
      [x, padded[1] - x - width],
    ]);
  });
  const sum = tf.addN(parts);
  return tf.slice(sum, [0, 0, top, left], [sum.shape[0]!, sum.shape[1]!, size[0], size[1]]);
}

/** Puts strides - 1 zeros between the values of [N,C,H,W]: [N,C,(H-1)s+1,(W-1)s+1]. */
function spreadOut(y: tf.Tensor, strides: readonly [number, number]): tf.Tensor {
  if (strides[0] === 1 && strides[1] === 1) return y;
  const [n, c, h, w] = y.shape as [number, number, number, number];
  const apart = tf.pad(tf.reshape(y, [n * c, h, 1, w, 1]), [
    [0, 0],
    [0, 0],
    [0, strides[0] - 1],
    [0, 0],
    [0, strides[1] - 1],
  ]);
  const whole = tf.reshape(apart, [n, c, h * strides[0], w * strides[1]]);
  return tf.slice(whole, [0, 0, 0, 0], [n, c, (h - 1) * strides[0] + 1, (w - 1) * strides[1] + 1]);
}
