import * as tf from '@tensorflow/tfjs-core';
import { type Gradient, type GradientTable, unbroadcast } from './gradient.js';

/** dy times a factor that is computed from x. */
const ofInput = (factor: (x: tf.Tensor) => tf.Tensor): Gradient => ({
  inputs: ['x'],
  of: (dy, [x]) => ({ x: () => tf.mul(dy, factor(x!)) }),
});
/** dy times a factor that is cheaper to compute from y. */
const ofOutput = (factor: (y: tf.Tensor) => tf.Tensor): Gradient => ({
  output: true,
  of: (dy, [y]) => ({ x: () => tf.mul(dy, factor(y!)) }),
});
const zero: Gradient = { of: (dy) => ({ x: () => tf.zerosLike(dy) }) };
const zeros: Gradient = {
  inputs: ['a', 'b'],
  of: (_, [a, b]) => ({
    a: () => tf.zerosLike(tf.cast(a!, 'float32')),
    b: () => tf.zerosLike(tf.cast(b!, 'float32')),
  }),
};
const floats = (condition: tf.Tensor) => tf.cast(condition, 'float32');

/** One of two inputs wins, and takes the gradient; of equals the first, as TensorFlow.js does. */
const winner = (first: (a: tf.Tensor, b: tf.Tensor) => tf.Tensor): Gradient => ({
  inputs: ['a', 'b'],
  of: (dy, [a, b]) => ({
    a: () => unbroadcast(tf.mul(dy, floats(first(a!, b!))), a!),
    b: () => unbroadcast(tf.mul(dy, tf.sub(1, floats(first(a!, b!)))), b!),
  }),
});

export const ELEMENTWISE_GRADIENTS: GradientTable = {
  Abs: ofInput((x) => tf.sign(x)),
  Cast: { of: (dy) => ({ x: () => tf.cast(dy, 'float32') }) },
  Ceil: zero,
  ClipByValue: {
    inputs: ['x'],
    of: (dy, [x], attributes) => ({
      x: () => {
        const above = tf.greaterEqual(x!, attributes.number('clipValueMin'));
        return tf.mul(dy, floats(tf.logicalAnd(above, tf.lessEqual(x!, attributes.number('clipValueMax')))));
      },
    }),
  },
  Cos: ofInput((x) => tf.neg(tf.sin(x))),
  Elu: ofOutput((y) => tf.add(1, tf.minimum(y, 0))),
  Erf: ofInput((x) => tf.mul(tf.exp(tf.neg(tf.square(x))), 2 / Math.sqrt(Math.PI))),
  Exp: ofOutput((y) => y),
  Expm1: ofInput((x) => tf.exp(x)),
  Floor: zero,
  Identity: { of: (dy) => ({ x: () => tf.cast(dy, 'float32') }) },
  LeakyRelu: {
    inputs: ['x'],
    of: (dy, [x], attributes) => ({ x: () => tf.mul(dy, tf.step(x!, attributes.number('alpha', 0.2))) }),
  },
  Log: { inputs: ['x'], of: (dy, [x]) => ({ x: () => tf.div(dy, x!) }) },
  LogicalNot: zero,
  Log1p: { inputs: ['x'], of: (dy, [x]) => ({ x: () => tf.div(dy, tf.add(x!, 1)) }) },
  Neg: { of: (dy) => ({ x: () => tf.neg(dy) }) },
  Reciprocal: ofOutput((y) => tf.neg(tf.square(y))),
  Relu: ofOutput((y) => tf.step(y)), // of y, which the next layer keeps anyway: x can be forgotten
  Relu6: ofInput((x) => tf.mul(tf.step(x), floats(tf.lessEqual(x, 6)))),
  Round: zero,
  Rsqrt: ofOutput((y) => tf.mul(tf.mul(tf.square(y), y), -0.5)),
  Sigmoid: ofOutput((y) => tf.mul(y, tf.sub(1, y))),
  Sign: zero,
  Sin: ofInput((x) => tf.cos(x)),
  Softplus: ofInput((x) => tf.sigmoid(x)),
  Sqrt: { output: true, of: (dy, [y]) => ({ x: () => tf.div(tf.mul(dy, 0.5), y!) }) },
  Square: ofInput((x) => tf.mul(x, 2)),
  Step: zero,
  Tanh: ofOutput((y) => tf.sub(1, tf.square(y))),

  Add: { inputs: ['a', 'b'], of: (dy, [a, b]) => ({ a: () => unbroadcast(dy, a!), b: () => unbroadcast(dy, b!) }) },
  Equal: zeros,
  FloorDiv: zeros,
  Greater: zeros,
  GreaterEqual: zeros,
  Less: zeros,
  LessEqual: zeros,
  LogicalAnd: zeros,
  LogicalOr: zeros,
  Maximum: winner((a, b) => tf.greaterEqual(a, b)),
  Minimum: winner((a, b) => tf.lessEqual(a, b)),
  Multiply: {
    inputs: ['a', 'b'],
    of: (dy, [a, b]) => ({
      a: () => unbroadcast(tf.mul(dy, floats(b!)), a!),
      b: () => unbroadcast(tf.mul(dy, floats(a!)), b!),
    }),
  },
  NotEqual: zeros,
  Pow: {
    inputs: ['a', 'b'],
    output: true,
    of: (dy, [a, b, y]) => ({
      a: () => unbroadcast(tf.mul(dy, tf.mul(b!, tf.pow(a!, tf.sub(b!, 1)))), a!),
      b: () => {
        const logs = tf.log(tf.maximum(a!, 1e-30)); // no gradient through the exponent of what is not positive
        return unbroadcast(tf.mul(dy, tf.mul(y!, tf.mul(logs, tf.step(a!)))), b!);
      },
    }),
  },
  RealDiv: {
    inputs: ['a', 'b'],
    of: (dy, [a, b]) => ({
      a: () => unbroadcast(tf.div(dy, floats(b!)), a!),
      b: () => unbroadcast(tf.neg(tf.div(tf.mul(dy, floats(a!)), tf.square(floats(b!)))), b!),
    }),
  },
  Select: {
    inputs: ['condition'],
    of: (dy, [condition]) => ({
      condition: () => tf.zerosLike(floats(condition!)),
      t: () => tf.mul(dy, floats(condition!)),
      e: () => tf.mul(dy, floats(tf.logicalNot(condition!))),
    }),
  },
  SquaredDifference: {
    inputs: ['a', 'b'],
    of: (dy, [a, b]) => ({
      a: () => unbroadcast(tf.mul(dy, tf.mul(tf.sub(a!, b!), 2)), a!),
      b: () => unbroadcast(tf.mul(dy, tf.mul(tf.sub(b!, a!), 2)), b!),
    }),
  },
  Sub: {
    inputs: ['a', 'b'],
    of: (dy, [a, b]) => ({ a: () => unbroadcast(dy, a!), b: () => unbroadcast(tf.neg(dy), b!) }),
  },
};
