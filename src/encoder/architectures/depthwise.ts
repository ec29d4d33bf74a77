import { add, mul, relu, reshape, type Tensor } from '@tensorflow/tfjs-core';
import { z } from 'zod';
import { conv2d, gelu } from '../../tensor/operations.js';
import {
  type Block,
  bias,
  convolution,
  type NormalisationSpec,
  pixelConvolution,
  type Scope,
  scaleAndShift,
} from '../block.js';
import { foldedConvolution } from './folded-convolution.js';
import { pictureSides } from './picture-sides.js';
import { StageOptions, stageChannels } from './stage-options.js';
import { stagedNetwork } from './staged-network.js';

export const DepthwiseOptions = StageOptions.extend({
  blocks: z.int().min(1).max(12).default(2).describe('Blocks in each stage.'),
  kernel: z.literal([3, 5, 7]).default(7).describe('Side of the window in which each channel is looked at.'),
  expansion: z.int().min(1).max(8).default(4).describe('How many times wider a block is inside.'),
  activation: z.enum(['relu', 'gelu']).default('relu').describe('gelu is what the paper has.'),
});

/** What a block adds to its input at the start, so that a deep network begins as a shallow one. */
const START = 0.1;

/**
 * Blocks that look at each channel in a large window, then mix the channels pixel by pixel. Liu et al. 2022, "A ConvNet
 * for the 2020s", arXiv:2201.03545; with batch normalisation in the place of layer normalisation, which costs one pass.
 * @param shape `[channels, height, width]` of what goes in, 8 to 512 a side
 */
export function depthwise(options: z.output<typeof DepthwiseOptions>, shape: readonly number[]): Block {
  const [channels, height, width] = pictureSides('depthwise', shape);
  const { fold, stages } = options;
  const widths = stages.map((base) => stageChannels(base, options.width));
  const stem = { name: 'stem', channels: widths[0]! };
  const parts = widths.map((own, index) => {
    const blocks = Array.from({ length: options.blocks }, (_, i) =>
      mixing(`stage${index + 1}/block${i + 1}`, own, options),
    );
    return index === 0 ? blocks : [halving(`stage${index + 1}/halve`, widths[index - 1]!, own), ...blocks];
  });
  const units = parts.flat();
  const last = { name: 'last', channels: widths.at(-1)! };
  return {
    parameters: [
      pixelConvolution('stem/kernel', channels, fold ** 2, stem.channels, 3),
      ...scaleAndShift(stem),
      ...units.flatMap((unit) => unit.parameters),
      ...scaleAndShift(last),
    ],
    normalisations: [stem, ...units.flatMap((unit) => unit.normalisations), last],
    ...stagedNetwork({
      channels: widths,
      sides: [height, width],
      options,
      maps(scope, x) {
        let map = scope.normalise('stem', foldedConvolution(x, scope.parameter('stem/kernel'), fold));
        const maps = parts.map((part) => {
          for (const unit of part) map = unit.forward(scope, map);
          return map;
        });
        return [...maps.slice(0, -1), scope.normalise('last', map)];
      },
    }),
  };
}

interface Unit {
  readonly parameters: Block['parameters'];
  readonly normalisations: readonly NormalisationSpec[];
  forward(scope: Scope, x: Tensor): Tensor;
}

function mixing(name: string, channels: number, options: z.output<typeof DepthwiseOptions>): Unit {
  const { kernel, expansion, activation } = options;
  const norm = { name: `${name}/norm`, channels };
  const inside = channels * expansion;
  const reach = (kernel - 1) / 2;
  const window = { pads: [reach, reach, reach, reach], groups: channels } as const;
  return {
    parameters: [
      convolution(`${name}/each`, 1, channels, kernel),
      ...scaleAndShift(norm),
      convolution(`${name}/widen`, channels, inside, 1),
      bias(`${name}/bias`, inside),
      convolution(`${name}/narrow`, inside, channels, 1),
      { name: `${name}/share`, shape: [channels], start: START, decays: false },
    ],
    normalisations: [norm],
    forward(scope, x) {
      const looked = scope.normalise(norm.name, conv2d(x, scope.parameter(`${name}/each`), window));
      const wide = conv2d(looked, scope.parameter(`${name}/widen`));
      const shifted = add(wide, reshape(scope.parameter(`${name}/bias`), [1, inside, 1, 1]));
      const active = activation === 'gelu' ? gelu(shifted) : relu(shifted);
      // The share scales the few weights instead of the many pixels.
      const share = reshape(scope.parameter(`${name}/share`), [channels, 1, 1, 1]);
      return add(x, conv2d(active, mul(scope.parameter(`${name}/narrow`), share)));
    },
  };
}

/** Half the side; a last odd row or column is seen together with zeros. */
function halving(name: string, inputs: number, outputs: number): Unit {
  const norm = { name: `${name}/norm`, channels: inputs };
  return {
    parameters: [...scaleAndShift(norm), convolution(`${name}/kernel`, inputs, outputs, 2)],
    normalisations: [norm],
    forward(scope, x) {
      const [, , height, width] = x.shape as [number, number, number, number];
      const pads = [0, 0, height % 2, width % 2] as const;
      const seen = scope.normalise(norm.name, x);
      return conv2d(seen, scope.parameter(`${name}/kernel`), { strides: [2, 2], pads });
    },
  };
}
