import type { Kernel, KernelTable } from './kernel.js';

/** TensorFlow.js calls the axes of Max `reductionIndices`, and those of the others `axis`. */
const reduction =
  (op: string, axes = 'axis'): Kernel =>
  (b, [x], attributes) =>
    b.reduce(op, x!, attributes.axes(axes, x!.shape.length), attributes.flag('keepDims'));

const winner =
  (op: string): Kernel =>
  (b, [x], attributes) => {
    const axis = attributes.axis('axis', x!.shape.length);
    const shape = x!.shape.filter((_, other) => other !== axis);
    return b.cast(b.add(op, [x!], shape, { type: 'int64', attributes: { axis, keepdims: 0 } }), 'int32');
  };

const truth =
  (op: string): Kernel =>
  (b, [x], attributes) => {
    const axes = attributes.axes('axis', x!.shape.length);
    return b.cast(b.reduce(op, b.cast(x!, 'int32'), axes, attributes.flag('keepDims')), 'bool');
  };

/** Kernels that look along axes. */
export const REDUCTIONS: KernelTable = {
  All: truth('ReduceMin'),
  Any: truth('ReduceMax'),
  ArgMax: winner('ArgMax'),
  ArgMin: winner('ArgMin'),
  Max: reduction('ReduceMax', 'reductionIndices'),
  Mean: reduction('ReduceMean'),
  Min: reduction('ReduceMin'),
  Prod: reduction('ReduceProd'),
  Sum: reduction('ReduceSum'),

  Softmax: (b, [x], attributes) => b.unary('Softmax', x!, { axis: attributes.axis('dim', x!.shape.length) }),
  LogSoftmax: (b, [x], attributes) => b.unary('LogSoftmax', x!, { axis: attributes.axis('axis', x!.shape.length) }),
  Cumsum: (b, [x], attributes) => {
    const axis = b.scalar(attributes.axis('axis', x!.shape.length), 'int32');
    const order = { exclusive: Number(attributes.flag('exclusive')), reverse: Number(attributes.flag('reverse')) };
    return b.add('CumSum', [x!, axis], x!.shape, { attributes: order });
  },
};
