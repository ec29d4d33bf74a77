import { relu, reshape, type Tensor } from '@tensorflow/tfjs-core';
import { z } from 'zod';
import { adaptiveAveragePool2d, conv2d } from '../../tensor/operations.js';
import { type Block, convolution, pixelConvolution, pooledNetwork, scaleAndShift } from '../block.js';
import { foldedConvolution } from './folded-convolution.js';
import { pictureSides } from './picture-sides.js';
import { pooledSides } from './pooled-sides.js';
import { StageOptions, stageChannels } from './stage-options.js';

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
  const stage = (base: number): number => stageChannels(base, options.width);
  const layers = stages.flatMap((base, index) =>
    Array.from({ length: depth }, (_, i) => ({
      name: `stage${index + 1}/layer${i + 1}`,
      channels: stage(base),
      stride: index > 0 && i === 0 ? 2 : 1,
    })),
  );
  const pool = pooledSides([height, width], { fold, halvings: stages.length - 1, pool: options.pool });
  const features = layers.at(-1)!.channels * pool[0] * pool[1];
  return {
    parameters: layers.flatMap((layer, index) => [
      index === 0
        ? pixelConvolution(`${layer.name}/kernel`, channels, fold ** 2, layer.channels, 3)
        : convolution(`${layer.name}/kernel`, layers[index - 1]!.channels, layer.channels, 3),
      ...scaleAndShift(layer),
    ]),
    normalisations: layers.map(({ name, channels: own }) => ({ name, channels: own })),
    width: features,
    ...pooledNetwork(
      (scope, x) => {
        let map: Tensor = x;
        for (const [index, { name, stride }] of layers.entries()) {
          const kernel = scope.parameter(`${name}/kernel`);
          const seen =
            index === 0
              ? foldedConvolution(map, kernel, fold)
              : conv2d(map, kernel, { pads: [1, 1, 1, 1], strides: [stride, stride] });
          map = relu(scope.normalise(name, seen));
        }
        return map;
      },
      (map) => reshape(adaptiveAveragePool2d(map, pool), [-1, features]),
    ),
  };
}
