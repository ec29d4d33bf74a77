import * as tf from '@tensorflow/tfjs-core';
import { gelu } from '../../../tensor/operations.js';
import type { Call, Operator, OperatorTable } from '../operator.js';

const unary = (of: (x: tf.Tensor) => tf.Tensor): Operator => ({ run: (call) => of(call.tensor(0)) });
const binary = (of: (a: tf.Tensor, b: tf.Tensor) => tf.Tensor): Operator => ({
  run: (call) => of(call.tensor(0), call.tensor(1)),
});
const variadic = (of: (a: tf.Tensor, b: tf.Tensor) => tf.Tensor): Operator => ({
  run: (call) => call.tensors().reduce((all, next) => of(all, next)),
});
const LARGEST = 3.4e38;

/** Operators that look at one element at a time. */
export const ELEMENTWISE: OperatorTable = {
  Abs: unary(tf.abs),
  Ceil: unary(tf.ceil),
  Cos: unary(tf.cos),
  Erf: unary(tf.erf),
  Exp: unary(tf.exp),
  Floor: unary(tf.floor),
  Identity: unary((x) => x),
  Log: unary(tf.log),
  Neg: unary(tf.neg),
  Not: unary(tf.logicalNot),
  Reciprocal: unary(tf.reciprocal),
  Relu: unary(tf.relu),
  Sigmoid: unary(tf.sigmoid),
  Sin: unary(tf.sin),
  Softplus: unary(tf.softplus),
  Sqrt: unary(tf.sqrt),
  Tanh: unary(tf.tanh),
  HardSwish: unary((x) => tf.mul(x, ramp(x, 1 / 6, 0.5))),
  Dropout: unary((x) => x), // inference drops nothing

  Cast: { run: (call) => tf.cast(call.tensor(0), typeOf(call.number('to', 1))) },
  Clip: {
    run: (call) => tf.clipByValue(call.tensor(0), bound(call, 'min', 1, -LARGEST), bound(call, 'max', 2, LARGEST)),
  },
  Elu: {
    run: (call) => {
      const x = call.tensor(0);
      const below = tf.mul(tf.sub(tf.exp(tf.minimum(x, 0)), 1), call.number('alpha', 1));
      return tf.add(tf.relu(x), below);
    },
  },
  Gelu: {
    run: (call) => (call.text('approximate', 'none') === 'tanh' ? tanhGelu(call.tensor(0)) : gelu(call.tensor(0))),
  },
  'com.microsoft.Gelu': unary(gelu),
  HardSigmoid: { run: (call) => ramp(call.tensor(0), call.number('alpha', 0.2), call.number('beta', 0.5)) },
  LeakyRelu: { run: (call) => sloped(call.tensor(0), tf.scalar(call.number('alpha', 0.01))) },
  PRelu: { run: (call) => sloped(call.tensor(0), call.tensor(1)) },

  Add: binary(tf.add),
  Sub: binary(tf.sub),
  Mul: binary(tf.mul),
  Div: binary(tf.div),
  Max: variadic(tf.maximum),
  Min: variadic(tf.minimum),
  Sum: variadic(tf.add),
  Pow: {
    run(call) {
      const exponent = call.isKnown(1) ? call.numbers(1)! : [];
      if (exponent.length === 1 && exponent[0] === 2) return tf.square(call.tensor(0));
      return tf.pow(call.tensor(0), tf.cast(call.tensor(1), call.tensor(0).dtype));
    },
  },

  And: binary(tf.logicalAnd),
  Equal: binary(tf.equal),
  Greater: binary(tf.greater),
  GreaterOrEqual: binary(tf.greaterEqual),
  Less: binary(tf.less),
  LessOrEqual: binary(tf.lessEqual),
  Or: binary(tf.logicalOr),
  Where: { run: (call) => tf.where(tf.cast(call.tensor(0), 'bool'), call.tensor(1), call.tensor(2)) },
};

/** min(1, max(0, x · slope + start)) */
const ramp = (x: tf.Tensor, slope: number, start: number): tf.Tensor =>
  tf.clipByValue(tf.add(tf.mul(x, slope), start), 0, 1);

/** x where it is positive, x · slope where it is not. */
const sloped = (x: tf.Tensor, slope: tf.Tensor): tf.Tensor => tf.sub(tf.relu(x), tf.mul(tf.relu(tf.neg(x)), slope));

/** The approximation of GELU that some networks were trained with. Hendrycks and Gimpel 2016, section 2. */
function tanhGelu(x: tf.Tensor): tf.Tensor {
  const inner = tf.mul(tf.add(x, tf.mul(tf.mul(tf.square(x), x), 0.044715)), Math.sqrt(2 / Math.PI));
  return tf.mul(tf.mul(x, 0.5), tf.add(tf.tanh(inner), 1));
}

/** A limit, which was an attribute before opset 11 and is an input since. */
function bound(call: Call, name: string, index: number, otherwise: number): number {
  return call.numbers(index)?.[0] ?? call.number(name, otherwise);
}

/** TensorProto.DataType as TensorFlow.js has it. */
function typeOf(to: number): tf.DataType {
  if (to === 9) return 'bool';
  return to === 1 || to === 10 || to === 11 ? 'float32' : 'int32';
}
