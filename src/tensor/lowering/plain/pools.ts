import type { Builder } from '../../builder.js';
import type { Value } from '../../graph.js';
import type { PoolGradAttributes } from '../../operations/pools.js';
import type { Window } from '../../operations/window.js';
import type { Lowering } from '../lowering.js';
import { lowerConv2dInputGrad } from './conv2d.js';

const poolWindow = ({ kernel, strides, pads }: Window) => ({ kernel_shape: kernel, strides, pads });

export const lowerAveragePool: Lowering = (node, b) => {
  const attributes = { ...poolWindow(node.attributes as unknown as Window), count_include_pad: 1 };
  return [b.add('AveragePool', node.inputs, node.outputs[0]!.shape, { attributes })];
};

/** The way back of a depthwise convolution with equal weights; without overlap, plain repetition. */
export const lowerAveragePoolGrad: Lowering = (node, b, options) => {
  const window = node.attributes as unknown as PoolGradAttributes;
  const [dy] = node.inputs as [Value];
  const [n, channels, ...input] = node.outputs[0]!.shape as [number, number, number, number];
  const [kh, kw] = window.kernel;
  const tiled =
    window.pads.every((pad) => pad === 0) &&
    [0, 1].every((i) => window.strides[i] === window.kernel[i] && input[i] === dy.shape[2 + i]! * window.kernel[i]!);
  if (tiled) {
    const share = b.reshape(b.times(dy, 1 / (kh * kw)), [n * channels, dy.shape[2]!, 1, dy.shape[3]!, 1]);
    const wide = b.expand(share, [n * channels, dy.shape[2]!, kh, dy.shape[3]!, kw]);
    return [b.reshape(wide, node.outputs[0]!.shape)];
  }
  const constant = new Float32Array(channels * kh * kw).fill(1 / (kh * kw));
  const weights: Value = { shape: [channels, 1, kh, kw], type: 'float32', constant };
  const asConvolution = { ...node, inputs: [dy, weights], attributes: { ...node.attributes, groups: channels } };
  return lowerConv2dInputGrad(asConvolution, b, options);
};

export const lowerMaxPool: Lowering = (node, b) => [
  maxPool(b, node.inputs[0]!, node.attributes as unknown as Window, node.outputs[0]!.shape)[0],
];

/** MaxPool says where each winner stood (counted over the whole tensor): its gradient is added there. */
export const lowerMaxPoolGrad: Lowering = (node, b) => {
  const [dy, x] = node.inputs as [Value, Value];
  const [, places] = maxPool(b, x, node.attributes as unknown as Window, dy.shape);
  const count = b.size(dy);
  const empty = b.expand(b.scalar(0), [b.size(x)]);
  const flat = [empty, b.reshape(places, [count]), b.reshape(dy, [count])];
  const sums = b.add('ScatterElements', flat, [b.size(x)], { attributes: { axis: 0, reduction: 'add' } });
  return [b.reshape(sums, x.shape)];
};

function maxPool(b: Builder, x: Value, window: Window, shape: readonly number[]): [Value, Value] {
  const outputs: [Value, Value] = [
    { shape, type: 'float32' },
    { shape, type: 'int64' },
  ];
  b.append({ op: 'MaxPool', domain: '', inputs: [x], outputs, attributes: poolWindow(window) });
  return outputs;
}
