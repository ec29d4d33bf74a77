import { type Tensor, tensor1d } from '@tensorflow/tfjs-core';
import { affine } from '../tensor/operations.js';
import type { Scope } from './block.js';
import type { SavedTensor } from './parameters-file.js';
import { EPSILON } from './scopes.js';

/** Parameters that will not change any more: normalisations become one scale and one shift, worked out here. */
export function frozenScope(
  tensors: Readonly<Record<string, Tensor>>,
  parameters: Readonly<Record<string, SavedTensor>>,
  statistics: Readonly<Record<string, SavedTensor>>,
): Scope {
  return {
    parameter(name) {
      const found = tensors[name];
      if (found === undefined) throw new RangeError(`No parameter is called "${name}".`);
      return found;
    },
    normalise(name, x) {
      const part = (of: Readonly<Record<string, SavedTensor>>, kind: string) => of[`${name}/${kind}`]!.values;
      const [mean, variance] = [part(statistics, 'mean'), part(statistics, 'variance')];
      const shift = part(parameters, 'shift');
      const scale = part(parameters, 'scale').map((value, channel) => value / Math.sqrt(variance[channel]! + EPSILON));
      const moved = shift.map((value, channel) => value - mean[channel]! * scale[channel]!);
      return affine(x, tensor1d(scale), tensor1d(moved));
    },
  };
}
