import { type Tensor, tensor } from '@tensorflow/tfjs-core';
import type { Block, Scope } from './block.js';
import { frozenScope } from './frozen-scope.js';
import type { SavedTensor } from './parameters-file.js';

type Saved = Readonly<Record<string, SavedTensor>>;

/** A network whose parameters have become constants: nothing of it is learned, and nothing of it can change. */
export function frozenBlock(block: Block, parameters: Saved, statistics: Saved): Block {
  const scope = () => {
    const tensors = block.parameters.map(({ name }) => {
      const { values, shape } = parameters[name]!;
      return [name, tensor(values, [...shape], 'float32')] as const;
    });
    return frozenScope(Object.fromEntries(tensors), parameters, statistics);
  };
  const { dense, mapChannels, readout } = block;
  return {
    parameters: [],
    normalisations: [],
    width: block.width,
    forward: (_, x) => block.forward(scope(), x),
    ...(mapChannels !== undefined && { mapChannels }),
    ...(dense && { dense: (_: Scope, x: Tensor) => dense(scope(), x) }),
    ...(readout && { readout: { ...readout, features: (_: Scope, x: Tensor) => readout.features(scope(), x) } }),
  };
}
