import * as tf from '@tensorflow/tfjs-core';
import type { Operator, OperatorTable } from '../operator.js';

type Reduce = (x: tf.Tensor, axes: number[], keep: boolean) => tf.Tensor;

const reduction = (of: Reduce): Operator => ({
  run(call) {
    const x = call.tensor(0);
    const axes = call.list('axes', 1) ?? [];
    if (axes.length === 0 && call.number('noop_with_empty_axes', 0) === 1) return x;
    const all = axes.length === 0 ? x.shape.map((_, axis) => axis) : axes;
    return of(x, all, call.number('keepdims', 1) === 1);
  },
});

/** Operators that look along axes. */
export const REDUCTIONS: OperatorTable = {
  ReduceL2: reduction((x, axes, keep) => tf.sqrt(tf.sum(tf.square(x), axes, keep))),
  ReduceMax: reduction((x, axes, keep) => tf.max(x, axes, keep)),
  ReduceMean: reduction((x, axes, keep) => tf.mean(x, axes, keep)),
  ReduceMin: reduction((x, axes, keep) => tf.min(x, axes, keep)),
  ReduceProd: reduction((x, axes, keep) => tf.prod(x, axes, keep)),
  ReduceSum: reduction((x, axes, keep) => tf.sum(x, axes, keep)),
  ReduceSumSquare: reduction((x, axes, keep) => tf.sum(tf.square(x), axes, keep)),
};
