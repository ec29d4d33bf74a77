import { add, relu, reshape, type Tensor } from '@tensorflow/tfjs-core';
import { z } from 'zod';
import { adaptiveAveragePool2d, conv2d } from '../../tensor/operations.js';
import {
  type Block,
  convolution,
  type NormalisationSpec,
  pixelConvolution,
  pooledNetwork,
  type Scope,
  scaleAndShift,
} from '../block.js';
import { foldedConvolution } from './folded-convolution.js';
import { pictureSides } from './picture-sides.js';
import { pooledSides } from './pooled-sides.js';
import { StageOptions, stageChannels } from './stage-options.js';

export const ResidualOptions = StageOptions.extend({
  blocks: z.int().min(1).max(8).default(1).describe('Residual blocks in each stage.'),
});

/** A 3 × 3 convolution that keeps the size of the map (top, left, bottom, right). */
const SAME = { pads: [1, 1, 1, 1] } as const;

/**
 * A small residual network that spends its time where it learns most: the input is folded 2 × 2 into channels, a 3 × 3
 * stem makes 32, then come basic blocks of 32, 64 and 128 channels, each stage at half the side of the one before.
 * He et al. 2015 (arXiv:1512.03385) for the block; the folded input and features that are averages over 3 × 3 windows are
 * measured choices.
 * @param shape `[channels, height, width]` of what goes in, 8 to 512 a side
 */
export function residual(options: z.output<typeof ResidualOptions>, shape: readonly number[]): Block {
  const [channels, height, width] = pictureSides('residual', shape);
  const stage = (base: number): number => stageChannels(base, options.width);
  const stem = { name: 'stem', channels: stage(options.stages[0]!) };
  const units: Unit[] = [];
  let inputs = stem.channels;
  for (const [index, base] of options.stages.entries())
    for (let depth = 0; depth < options.blocks; depth++) {
      const outputs = stage(base);
      units.push(unit(`stage${index + 1}/block${depth + 1}`, inputs, outputs, index > 0 && depth === 0 ? 2 : 1));
      inputs = outputs;
    }
  const { fold, stages } = options;
  const pool = pooledSides([height, width], { fold, halvings: stages.length - 1, pool: options.pool });
  const features = inputs * pool[0] * pool[1];
  return {
    parameters: [
      pixelConvolution('stem/kernel', channels, options.fold ** 2, stem.channels, 3),
      ...scaleAndShift(stem),
      ...units.flatMap((one) => one.parameters),
    ],
    normalisations: [stem, ...units.flatMap((one) => one.normalisations)],
    width: features,
    ...pooledNetwork(
      inputs,
      (scope, x) => {
        let map: Tensor = foldedConvolution(x, scope.parameter('stem/kernel'), options.fold);
        map = relu(scope.normalise('stem', map));
        for (const one of units) map = one.forward(scope, map);
        return map;
      },
      (map) => reshape(adaptiveAveragePool2d(map, pool), [-1, features]),
    ),
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
