import type { Value } from '../../graph.js';
import type { Window } from '../../operations/window.js';
import type { BlockRule } from './forms.js';
import { NCHWC } from './nchwc.js';

const pool =
  (op: 'AveragePool' | 'MaxPool'): BlockRule =>
  (node, forms) => {
    const { kernel, strides, pads } = node.attributes as unknown as Window;
    const [x] = node.inputs as [Value];
    if (!forms.isBlocked(x)) return undefined;
    const shape = node.outputs[0]!.shape.with(1, forms.padded(x.shape[1]!));
    const window = { kernel_shape: kernel, strides, pads };
    const attributes = op === 'AveragePool' ? { ...window, count_include_pad: 1 } : window;
    return [{ blocked: forms.builder.add(op, [forms.blocked(x)], shape, { domain: NCHWC, attributes }) }];
  };

export const blockAveragePool = pool('AveragePool');
export const blockMaxPool = pool('MaxPool');
