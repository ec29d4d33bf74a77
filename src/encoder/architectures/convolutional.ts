import { relu, type Tensor } from '@tensorflow/tfjs-core';
import { z } from 'zod';
import { conv2d } from '../../tensor/operations.js';
import { type Block, convolution, pixelConvolution, type Scope, scaleAndShift } from '../block.js';
import { foldedConvolution } from './folded-convolution.js';
import { pictureSides } from './picture-sides.js';
import { StageOptions, stageChannels } from './stage-options.js';
import { stagedNetwork } from './staged-network.js';

export const ConvolutionalOptions = StageOptions.extend({
  depth: z.int().min(1).max(8).default(2).describe('Convolutions in each stage.'),
});

/**
 * 3 × 3 convolutions one after the other, each with batch normalisation and ReLU, and nothing else: what the residual
 * network is without its shortcuts. Simonyan and Zisserman 2014, arXiv:1409.1556.
 * @param shape `[channels, height, width]` of what goes in, 8 to 512 a side
 */
export function convolutional(options: z.output<typeof ConvolutionalOptions>, shape: readonly number[]): Block {
  const [channels, height, width] = pictureSides('convolutional', shape);
  const { fold, stages, depth } = options;
  const widths = stages.map((base) => stageChannels(base, options.width));
  const parts = widths.map((outputs, index) =>
    Array.from({ length: depth }, (_, i) => ({
      name: `stage${index + 1}/layer${i + 1}`,
      channels: outputs,
      stride: index > 0 && i === 0 ? 2 : 1,
    })),
  );
  const layers = parts.flat();
  const convolved = (scope: Scope, map: Tensor, { name, stride }: (typeof layers)[number]): Tensor => {
    const kernel = scope.parameter(`${name}/kernel`);
    return name === layers[0]!.name
      ? foldedConvolution(map, kernel, fold)
      : conv2d(map, kernel, { pads: [1, 1, 1, 1], strides: [stride, stride] });
  };
  return {
    parameters: layers.flatMap((layer, index) => [
      index === 0
        ? pixelConvolution(`${layer.name}/kernel`, channels, fold ** 2, layer.channels, 3)
        : convolution(`${layer.name}/kernel`, layers[index - 1]!.channels, layer.channels, 3),
      ...scaleAndShift(layer),
    ]),
    normalisations: layers.map(({ name, channels: own }) => ({ name, channels: own })),
    ...stagedNetwork({
      channels: widths,
      sides: [height, width],
      options,
      maps(scope, x) {
        let map = x;
        return parts.map((part) => {
          for (const layer of part) map = relu(scope.normalise(layer.name, convolved(scope, map, layer)));
          return map;
        });
      },
    }),
  };
}
