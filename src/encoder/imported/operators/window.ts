import type { Tensor } from '@tensorflow/tfjs-core';
import type { Call } from '../operator.js';

type Pair = readonly [number, number];

/** How a window slides, as our own convolutions and pools take it. */
export interface ReadWindow {
  readonly strides: Pair;
  readonly dilations: Pair;
  /** [top, left, bottom, right] */
  readonly pads: readonly [number, number, number, number];
}

/** The window of a Conv or a pool over x [N, C, H, W], its padding worked out where the file leaves that to the size. */
export function readWindow(call: Call, x: Tensor, kernel: Pair): ReadWindow {
  const strides = (call.list('strides') ?? [1, 1]) as unknown as Pair;
  const dilations = (call.list('dilations') ?? [1, 1]) as unknown as Pair;
  const auto = call.text('auto_pad', 'NOTSET');
  const given = auto === 'NOTSET' ? (call.list('pads') ?? [0, 0, 0, 0]) : [0, 0, 0, 0];
  if (!auto.startsWith('SAME')) return { strides, dilations, pads: given as unknown as ReadWindow['pads'] };
  const both = ([0, 1] as const).map((axis) => {
    const length = x.shape[2 + axis]!;
    const reach = (kernel[axis] - 1) * dilations[axis] + 1;
    const missing = Math.max(0, (Math.ceil(length / strides[axis]) - 1) * strides[axis] + reach - length);
    const less = Math.floor(missing / 2);
    return auto === 'SAME_LOWER' ? [missing - less, less] : [less, missing - less];
  }) as [[number, number], [number, number]];
  return { strides, dilations, pads: [both[0][0], both[1][0], both[0][1], both[1][1]] };
}

/** What more padding `ceil_mode` asks for at the end of an axis, so that the last window is not dropped. */
export function ceiled(window: ReadWindow, x: Tensor, kernel: Pair): ReadWindow {
  const pads = [...window.pads] as [number, number, number, number];
  for (const axis of [0, 1] as const) {
    const [length, stride, before] = [x.shape[2 + axis]!, window.strides[axis], pads[axis]];
    const whole = length + before + pads[axis + 2]!;
    let count = Math.ceil((whole - kernel[axis]) / stride) + 1;
    if ((count - 1) * stride >= length + before) count -= 1; // a window must begin inside the map
    pads[axis + 2] = Math.max(pads[axis + 2]!, (count - 1) * stride + kernel[axis] - length - before);
  }
  return { ...window, pads };
}
