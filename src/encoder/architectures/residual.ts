import { add, relu, type Tensor } from '@tensorflow/tfjs-core';
import { z } from 'zod';
import { conv2d } from '../../tensor/operations.js';
import {
  type Block,
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

export const ResidualOptions = StageOptions.extend({
  blocks: z.int().min(1).max(8).default(1).describe('Residual blocks in each stage.'),
});

/** A 3 × 3 convolution that keeps the size of the map (top, left, bottom, right). */
const SAME = { pads: [1, 1, 1, 1] } as const;

/**
 * A small residual network that spends its time where it learns most: the input is folded 2 × 2 into channels, a 3 × 3
 * stem makes 32, then come basic blocks of 32, 64 and 128 channels, each stage at half the side of the one before.
 * He et al. 2015 (arXiv:1512.03385) for the block; the folded input and embeddings of the averages of three stages
 * over 2 × 2 windows are measured choices.
 * @param shape `[channels, height, width]` of what goes in, 8 to 512 a side
 */
export function residual(options: z.output<typeof ResidualOptions>, shape: readonly number[]): Block {
  const [channels, height, width] = pictureSides('residual', shape);
  const stage = (base: number): number => stageChannels(base, options.width);
  const stem = { name: 'stem', channels: stage(options.stages[0]!) };
  const { fold, stages, blocks } = options;
  const widths = stages.map(stage);
  const parts = widths.map((outputs, index) =>
    Array.from({ length: blocks }, (_, depth) => {
      const inputs = depth > 0 ? outputs : (widths[index - 1] ?? stem.channels);
      return unit(`stage${index + 1}/block${depth + 1}`, inputs, outputs, index > 0 && depth === 0 ? 2 : 1);
    }),
  );
  const units = parts.flat();
  return {
    parameters: [
      pixelConvolution('stem/kernel', channels, options.fold ** 2, stem.channels, 3),
      ...scaleAndShift(stem),
      ...units.flatMap((one) => one.parameters),
    ],
    normalisations: [stem, ...units.flatMap((one) => one.normalisations)],
    ...stagedNetwork({
      channels: widths,
      sides: [height, width],
      options,
      maps(scope, x) {
        let map: Tensor = foldedConvolution(x, scope.parameter('stem/kernel'), fold);
        map = relu(scope.normalise('stem', map));
        return parts.map((part) => {
          for (const one of part) map = one.forward(scope, map);
          return map;
        });
      },
    }),
  };
}

interface Unit {
  readonly parameters: Block['parameters'];
  readonly normalisations: readonly NormalisationSpec[];
  forward(scope: Scope, x: Tensor): Tensor;
}

/** Two 3 × 3 convolutions beside a shortcut, which is a 1 × 1 convolution where the shape changes. */
function unit(name: string, inputs: number, outputs: number, stride: number): Unit {
  const [first, second, shortcut] = ['first', 'second', 'shortcut'].map((part) => ({
    name: `${name}/${part}`,
    channels: outputs,
  })) as [NormalisationSpec, NormalisationSpec, NormalisationSpec];
  const strides = [stride, stride] as const;
  const changes = stride !== 1 || inputs !== outputs;
  return {
    parameters: [
      convolution(`${first.name}/kernel`, inputs, outputs, 3),
      ...scaleAndShift(first),
      convolution(`${second.name}/kernel`, outputs, outputs, 3),
      ...scaleAndShift(second),
      ...(changes ? [convolution(`${shortcut.name}/kernel`, inputs, outputs, 1), ...scaleAndShift(shortcut)] : []),
    ],
    normalisations: changes ? [first, second, shortcut] : [first, second],
    forward(scope, x) {
      const kernel = (part: NormalisationSpec) => scope.parameter(`${part.name}/kernel`);
      const inner = relu(scope.normalise(first.name, conv2d(x, kernel(first), { ...SAME, strides })));
      const outer = scope.normalise(second.name, conv2d(inner, kernel(second), SAME));
      const past = changes ? scope.normalise(shortcut.name, conv2d(x, kernel(shortcut), { strides })) : x;
      return relu(add(outer, past));
    },
  };
}
