import * as tf from '@tensorflow/tfjs-core';
import { describe, it } from 'vitest';
import * as operations from '../../src/tensor/operations.js';
import { type Case, expectAgreement } from './agreement.js';

type Four = [number, number, number, number];
const convolution = (name: string, x: Four, w: Four, options: operations.Conv2dOptions = {}): Case => ({
  name: `conv2d ${name}`,
  inputs: { x, w },
  fn: ({ x, w }) => operations.conv2d(x!, w!, options),
});

const OPERATIONS: readonly Case[] = [
  convolution('1×1', [2, 3, 4, 4], [5, 3, 1, 1]),
  convolution('3×3 padded', [2, 3, 5, 5], [4, 3, 3, 3], { pads: [1, 1, 1, 1] }),
  convolution('3×3 padded on one channel', [3, 1, 6, 6], [4, 1, 3, 3], { pads: [1, 1, 1, 1] }),
  convolution('3×3 stride 2', [2, 3, 6, 6], [4, 3, 3, 3], { strides: [2, 2], pads: [1, 1, 1, 1] }),
  convolution('3×3 stride 2 on an odd map', [2, 2, 7, 5], [3, 2, 3, 3], { strides: [2, 2], pads: [1, 1, 1, 1] }),
  convolution('1×1 stride 2, which drops a column', [2, 2, 6, 6], [3, 2, 1, 1], { strides: [2, 2] }),
  convolution('uneven pads', [1, 2, 5, 4], [2, 2, 3, 2], { pads: [0, 1, 2, 0] }),
  convolution('pads beyond the kernel', [1, 2, 3, 3], [2, 2, 2, 2], { pads: [2, 2, 2, 2] }),
  convolution('dilated', [1, 2, 7, 7], [3, 2, 3, 3], { dilations: [2, 2], pads: [2, 2, 2, 2] }),
  convolution('dilated, stride 2', [1, 2, 8, 8], [3, 2, 3, 3], {
    dilations: [2, 2],
    strides: [2, 2],
    pads: [2, 2, 2, 2],
  }),
  convolution('in groups', [2, 4, 4, 4], [6, 2, 3, 3], { groups: 2, pads: [1, 1, 1, 1] }),
  convolution('in groups, stride 2', [2, 4, 5, 5], [6, 2, 3, 3], { groups: 2, strides: [2, 2], pads: [1, 1, 1, 1] }),
  convolution('depthwise', [2, 3, 5, 5], [3, 1, 3, 3], { groups: 3, pads: [1, 1, 1, 1] }),
  convolution('patches, as a vision transformer cuts them', [2, 3, 8, 8], [5, 3, 4, 4], { strides: [4, 4] }),
  {
    name: 'batchNorm of maps, with the gradient of its statistics',
    inputs: { x: [4, 3, 2, 2], gamma: [3], beta: [3] },
    fn: ({ x, gamma, beta }) => {
      const { y, mean, variance } = operations.batchNorm(x!, gamma!, beta!);
      return [y, mean, variance];
    },
  },
  {
    name: 'batchNorm of rows',
    inputs: { x: [6, 3], gamma: [3], beta: [3] },
    fn: ({ x, gamma, beta }) => operations.batchNorm(x!, gamma!, beta!, 1e-3).y,
  },
  {
    name: 'batchNorm, then relu',
    noSlope: 'some value is always near the kink',
    inputs: { x: [4, 3, 2, 2], gamma: [3], beta: [3] },
    fn: ({ x, gamma, beta }) => tf.relu(operations.batchNorm(x!, gamma!, beta!).y),
  },
  {
    name: 'what a sum hands back to both of its parts, one of which leads to the other',
    inputs: { x: [2, 3, 4, 4], w: [3, 3, 3, 3] },
    fn: ({ x, w }) => {
      const y = operations.conv2d(x!, w!, { pads: [1, 1, 1, 1] });
      return tf.add(y, operations.conv2d(y, w!, { pads: [1, 1, 1, 1] }));
    },
  },
  {
    name: 'affine',
    inputs: { x: [2, 3, 2, 2], scale: [3], shift: [3] },
    fn: ({ x, scale, shift }) => operations.affine(x!, scale!, shift!),
  },
  {
    name: 'layerNorm',
    inputs: { x: [2, 3, 5], gamma: [5], beta: [5] },
    fn: ({ x, gamma, beta }) => operations.layerNorm(x!, gamma!, beta!),
  },
  ...(
    [
      ['2×2', { kernel: [2, 2] }],
      ['3×3 stride 2 padded', { kernel: [3, 3], strides: [2, 2], pads: [1, 1, 1, 1] }],
      ['3×2 stride 1', { kernel: [3, 2], strides: [1, 1] }],
    ] as const
  ).flatMap(([name, options]): Case[] => [
    {
      name: `averagePool2d ${name}`,
      inputs: { x: [2, 2, 6, 6] },
      fn: ({ x }) => operations.averagePool2d(x!, options),
    },
    { name: `maxPool2d ${name}`, inputs: { x: [2, 2, 6, 6] }, fn: ({ x }) => operations.maxPool2d(x!, options) },
  ]),
  { name: 'globalAveragePool', inputs: { x: [2, 3, 4, 5] }, fn: ({ x }) => operations.globalAveragePool(x!) },
  {
    name: 'adaptiveAveragePool2d 7 to 2',
    inputs: { x: [2, 3, 7, 7] },
    fn: ({ x }) => operations.adaptiveAveragePool2d(x!, [2, 2]),
  },
  {
    name: 'adaptiveAveragePool2d 45 to 27, rows and columns one after the other',
    inputs: { x: [1, 1, 45, 45] },
    fn: ({ x }) => operations.adaptiveAveragePool2d(x!, [27, 27]),
  },
  { name: 'unitRows', inputs: { x: [4, 5] }, fn: ({ x }) => operations.unitRows(x!) },
  { name: 'gelu', inputs: { x: [4, 5] }, range: [-3, 3], fn: ({ x }) => operations.gelu(x!) },
  {
    name: 'maskedCrossEntropy with indices and a mask',
    inputs: { logits: [4, 4] },
    range: [-3, 3],
    fn: ({ logits }) =>
      operations.maskedCrossEntropy(logits!, tf.mul(tf.eye(4), -1e9), tf.tensor1d([1, 0, 3, 2], 'int32')),
  },
  {
    name: 'maskedCrossEntropy with one-hot targets, where exp would overflow',
    inputs: { logits: [3, 5] },
    range: [150, 152],
    fn: ({ logits }) =>
      operations.maskedCrossEntropy(logits!, tf.zeros([3, 5]), tf.oneHot(tf.tensor1d([4, 0, 2], 'int32'), 5)),
  },
];

describe('a declared operation and its gradient agree on both engines, and with slopes', () => {
  it.each(OPERATIONS.map((test) => [test.name, test] as const))('%s', (_, test) => expectAgreement(test));
});
