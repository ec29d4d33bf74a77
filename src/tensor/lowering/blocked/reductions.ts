import { sameShape, type Value } from '../../graph.js';
import { mapMeans } from './convolve.js';
import type { BlockRule } from './forms.js';

/** Means and sums over whole maps, and on over the batch. */
export const blockReduction: BlockRule = (node, forms) => {
  const [x] = node.inputs as [Value];
  const axes = [...(node.attributes.axes as readonly number[])].sort((a, b) => a - b);
  if (x.shape.length !== 4 || !forms.isBlocked(x)) return undefined;
  const overBatch = sameShape(axes, [0, 2, 3]);
  if (!overBatch && !sameShape(axes, [2, 3])) return undefined;
  const { builder: b } = forms;
  const image = forms.blocked(x);
  const [n, , height, width] = image.shape as readonly [number, number, number, number];
  const means = mapMeans(b, image); // [N, C']
  const reduced = overBatch ? b.reduce('ReduceMean', means, [0]) : means;
  const count = (overBatch ? n : 1) * height * width;
  const all = node.op === 'ReduceSum' ? b.times(reduced, count) : reduced;
  const channels = x.shape[1]!;
  const cut = overBatch ? forms.cut(all, channels) : b.slice(all, [0, 0], [n, channels]);
  return [{ plain: b.reshape(cut, node.outputs[0]!.shape) }];
};
