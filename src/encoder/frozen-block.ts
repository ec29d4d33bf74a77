import { tensor } from '@tensorflow/tfjs-core';
import type { Block } from './block.js';
import { frozenScope } from './frozen-scope.js';
import type { SavedTensor } from './parameters-file.js';

type Saved = Readonly<Record<string, SavedTensor>>;

/** A network whose parameters have become constants: nothing of it is learned, and nothing of it can change. */
export function frozenBlock(block: Block, parameters: Saved, statistics: Saved): Block {
  return {
    parameters: [],
    normalisations: [],
    width: block.width,
    forward(_, x) {
      const tensors = block.parameters.map(({ name }) => {
        const { values, shape } = parameters[name]!;
        return [name, tensor(values, [...shape], 'float32')] as const;
      });
      return block.forward(frozenScope(Object.fromEntries(tensors), parameters, statistics), x);
    },
  };
}
