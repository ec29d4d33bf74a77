import type { Builder } from '../../builder.js';
import type { Value } from '../../graph.js';
import type { Conv2dAttributes, Conv2dInputGradAttributes } from '../../operations/conv2d.js';
import type { Lowering } from '../lowering.js';

type Shape4 = readonly [number, number, number, number];

export const lowerConv2d: Lowering = (node, b) => {
  const window = node.attributes as unknown as Conv2dAttributes;
  return [b.add('Conv', node.inputs, node.outputs[0]!.shape, { attributes: onnxWindow(window) })];
};

/**
 * With stride 1, a convolution with the taps reversed and the channels exchanged, which takes half the time of
 * ConvTranspose; otherwise ConvTranspose.
 */
export const lowerConv2dInputGrad: Lowering = (node, b) => {
  const window = node.attributes as unknown as Conv2dInputGradAttributes;
  const [dy, w] = node.inputs as [Value, Value];
  const shape = node.outputs[0]!.shape;
  const pads = reversedPads(dy, window);
  if (window.strides.every((stride) => stride === 1) && pads.every((pad) => pad >= 0))
    return [b.add('Conv', [dy, reversed(b, w, window.groups)], shape, { attributes: { ...onnxWindow(window), pads } })];
  const output_padding = ([0, 1] as const).map(
    (axis) =>
      window.input[axis] -
      ((dy.shape[2 + axis]! - 1) * window.strides[axis] +
        (window.kernel[axis] - 1) * window.dilations[axis] +
        1 -
        window.pads[axis] -
        window.pads[axis + 2]!),
  );
  return [b.add('ConvTranspose', [dy, w], shape, { attributes: { ...onnxWindow(window), output_padding } })];
};

function reversedPads(dy: Value, { kernel, dilations, pads, input }: Conv2dInputGradAttributes): number[] {
  const reach = [0, 1].map((axis) => (kernel[axis]! - 1) * dilations[axis]!);
  const before = [0, 1].map((axis) => reach[axis]! - pads[axis]!);
  const after = [0, 1].map((axis) => input[axis]! - dy.shape[2 + axis]! + reach[axis]! - before[axis]!);
  return [...before, ...after];
}

/** [O, C/g, kh, kw] as the weights of the way back: [C, O/g, kh, kw], taps reversed. */
function reversed(b: Builder, w: Value, groups: number): Value {
  const [o, c, kh, kw] = w.shape as Shape4;
  const taps = b.reshape(w, [groups, o / groups, c, kh * kw]);
  const order = b.integers(Array.from({ length: kh * kw }, (_, i) => kh * kw - 1 - i));
  const turned = kh * kw === 1 ? taps : b.gather(taps, order, 3);
  return b.reshape(b.transpose(turned, [0, 2, 1, 3]), [c * groups, o / groups, kh, kw]);
}

/** What each tap of the window saw of x, times dY. */
export const lowerConv2dFilterGrad: Lowering = (node, b) => {
  const window = node.attributes as unknown as Conv2dAttributes;
  const [x, dy] = node.inputs as [Value, Value];
  return [window.groups === 1 ? wholeFilterGrad(b, x, dy, window) : groupedFilterGrad(b, x, dy, window)];
};

/**
 * Channels go in front, so that a product runs over the whole batch at once and nothing is left to sum. The columns a
 * row of taps saw are cut out and stacked first: what each row of taps saw is then one long run of memory a map.
 */
function wholeFilterGrad(b: Builder, x: Value, dy: Value, window: Conv2dAttributes): Value {
  const { kernel, strides, dilations, pads } = window;
  const [n, c, , wide] = x.shape as Shape4;
  const [, o, height, width] = dy.shape as Shape4;
  const tall = x.shape[2]! + pads[0] + pads[2];
  const rows = b.reshape(b.transpose(dy, [1, 0, 2, 3]), [o, n * height * width]);
  const padded = b.pad(b.transpose(x, [1, 0, 2, 3]), [
    [0, 0],
    [0, 0],
    [pads[0], pads[2]],
    [pads[1], pads[3]],
  ]);
  const isWhole = kernel[1] === 1 && strides[1] === 1 && wide === width;
  const columns = Array.from({ length: kernel[1] }, (_, tap) => {
    const left = tap * dilations[1];
    const right = left + (width - 1) * strides[1] + 1;
    return isWhole ? padded : b.slice(padded, [0, 0, 0, left], [c, n, tall, right], [1, 1, 1, strides[1]]);
  });
  const stacked = columns.length === 1 ? columns[0]! : b.concat(columns, 0); // [kw·C, N, Hp, Wo]
  const taps = Array.from({ length: kernel[0] }, (_, tap) => {
    const top = tap * dilations[0];
    const bottom = top + (height - 1) * strides[0] + 1;
    const seen = b.slice(stacked, [0, 0, top, 0], [kernel[1] * c, n, bottom, width], [1, 1, strides[0], 1]);
    const product = b.matmul(b.reshape(seen, [kernel[1] * c, n * height * width]), rows, false, true); // [kw·C, O]
    return b.reshape(product, [1, kernel[1], c, o]);
  });
  const all = taps.length === 1 ? taps[0]! : b.concat(taps, 0);
  return b.transpose(all, [3, 2, 0, 1]);
}

/** One product over the batch for each tap: dY by the part of x the tap saw, then a sum over the batch. */
function groupedFilterGrad(b: Builder, x: Value, dy: Value, window: Conv2dAttributes): Value {
  const [n, c] = x.shape as Shape4;
  const [, o, height, width] = dy.shape as Shape4;
  const { groups, kernel, strides, dilations, pads } = window;
  const batch = [n, groups];
  const rows = b.reshape(dy, [...batch, o / groups, height * width]);
  const padded = b.pad(x, [
    [0, 0],
    [0, 0],
    [pads[0], pads[2]],
    [pads[1], pads[3]],
  ]);
  const taps: Value[] = [];
  for (let row = 0; row < kernel[0]; row++)
    for (let column = 0; column < kernel[1]; column++) {
      const [top, left] = [row * dilations[0], column * dilations[1]];
      const ends = [n, c, top + (height - 1) * strides[0] + 1, left + (width - 1) * strides[1] + 1];
      const seen = b.slice(padded, [0, 0, top, left], ends, [1, 1, ...strides]);
      const product = b.matmul(rows, b.reshape(seen, [...batch, c / groups, height * width]), false, true);
      taps.push(b.reshape(b.reduce('ReduceSum', product, [0]), [1, o * (c / groups)]));
    }
  const stacked = b.transpose(b.concat(taps, 0), [1, 0]); // [O·C/g, taps]
  return b.reshape(stacked, [o, c / groups, ...kernel]);
}

export function onnxWindow(window: Omit<Conv2dAttributes, 'groups'> & { groups?: number }) {
  return {
    kernel_shape: window.kernel,
    strides: window.strides,
    pads: window.pads,
    dilations: window.dilations,
    group: window.groups ?? 1,
  };
}
