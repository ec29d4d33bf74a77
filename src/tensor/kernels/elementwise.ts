import type { Builder } from '../builder.js';
import type { ElementType, Value } from '../graph.js';
import type { Kernel, KernelTable } from './kernel.js';

const unary =
  (op: string): Kernel =>
  (b, [x]) =>
    b.unary(op, x!);
const binary =
  (op: string): Kernel =>
  (b, [x, y]) =>
    b.binary(op, x!, y!);
const compare =
  (op: string): Kernel =>
  (b, [x, y]) =>
    b.binary(op, x!, y!, 'bool');

/** Kernels that look at one element at a time. */
export const ELEMENTWISE: KernelTable = {
  Abs: unary('Abs'),
  Ceil: unary('Ceil'),
  Cos: unary('Cos'),
  Elu: unary('Elu'),
  Erf: unary('Erf'),
  Exp: unary('Exp'),
  Floor: unary('Floor'),
  Log: unary('Log'),
  LogicalNot: unary('Not'),
  Neg: unary('Neg'),
  Reciprocal: unary('Reciprocal'),
  Relu: unary('Relu'),
  Round: unary('Round'),
  Sigmoid: unary('Sigmoid'),
  Sign: unary('Sign'),
  Sin: unary('Sin'),
  Softplus: unary('Softplus'),
  Sqrt: unary('Sqrt'),
  Tanh: unary('Tanh'),

  Identity: (_, [x]) => x!,
  Cast: (b, [x], attributes) => b.cast(x!, attributes.text('dtype') as ElementType),
  ClipByValue: (b, [x], attributes) =>
    clip(b, x!, attributes.number('clipValueMin'), attributes.number('clipValueMax')),
  Expm1: (b, [x]) => b.plus(b.unary('Exp', x!), -1),
  IsNan: (b, [x]) => b.add('IsNaN', [x!], x!.shape, { type: 'bool' }),
  LeakyRelu: (b, [x], attributes) => b.unary('LeakyRelu', x!, { alpha: attributes.number('alpha', 0.2) }),
  Log1p: (b, [x]) => b.unary('Log', b.plus(x!, 1)),
  Relu6: (b, [x]) => clip(b, x!, 0, 6),
  Rsqrt: (b, [x]) => b.unary('Reciprocal', b.unary('Sqrt', x!)),
  Square: (b, [x]) => b.times(x!, x!),
  Step: (b, [x], attributes) => {
    const rises = b.unary('HardSigmoid', x!, { alpha: 1e30, beta: 0 }); // 0 or 1, at the price of an addition
    const low = attributes.number('alpha');
    return low === 0 ? rises : b.plus(b.times(rises, 1 - low), low);
  },

  Add: binary('Add'),
  Maximum: binary('Max'),
  Minimum: binary('Min'),
  Multiply: binary('Mul'),
  Pow: binary('Pow'),
  RealDiv: binary('Div'),
  Sub: binary('Sub'),
  AddN: (b, inputs) => inputs.reduce((sum, next) => b.plus(sum, next)),
  FloorDiv: (b, [x, y]) => b.cast(flooredQuotient(b, x!, y!), x!.type),
  Mod: (b, [x, y]) => {
    const whole = b.times(flooredQuotient(b, x!, y!), b.cast(y!, 'float32'));
    return b.cast(b.minus(b.cast(x!, 'float32'), whole), x!.type);
  },
  SquaredDifference: (b, [x, y]) => {
    const difference = b.minus(x!, y!);
    return b.times(difference, difference);
  },

  Equal: compare('Equal'),
  Greater: compare('Greater'),
  GreaterEqual: compare('GreaterOrEqual'),
  Less: compare('Less'),
  LessEqual: compare('LessOrEqual'),
  LogicalAnd: compare('And'),
  LogicalOr: compare('Or'),
  NotEqual: (b, [x, y]) => b.unary('Not', b.binary('Equal', x!, y!, 'bool')),
  Select: (b, [condition, yes, no]) =>
    b.add('Where', [b.cast(condition!, 'bool'), yes!, no!], yes!.shape, { type: yes!.type }),
};

function clip(b: Builder, x: Value, low: number, high: number): Value {
  return b.add('Clip', [x, b.scalar(low, x.type), b.scalar(high, x.type)], x.shape);
}

function flooredQuotient(b: Builder, x: Value, y: Value): Value {
  return b.unary('Floor', b.binary('Div', b.cast(x, 'float32'), b.cast(y, 'float32')));
}
