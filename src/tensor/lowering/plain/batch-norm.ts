import type { Builder } from '../../builder.js';
import { uniform, type Value } from '../../graph.js';
import type { BatchNormAttributes } from '../../operations/batch-norm.js';
import type { Lowering } from '../lowering.js';

export const lowerBatchNorm: Lowering = (node, b) => {
  const { epsilon } = node.attributes as unknown as BatchNormAttributes;
  const [x, gamma, beta] = node.inputs as [Value, Value, Value];
  const mean = perChannel(b, 'ReduceMean', x);
  const square = perChannel(b, 'ReduceMean', b.times(x, x));
  const { variance, scale, shift } = batchNormFactors(b, { mean, square, gamma, beta, epsilon });
  return [b.plus(b.times(x, wide(b, scale, x)), wide(b, shift, x)), mean, variance];
};

/** What a batch normalisation multiplies by and adds, per channel. `square` is the mean of the squares. */
export function batchNormFactors(
  b: Builder,
  given: Readonly<Record<'mean' | 'square' | 'gamma' | 'beta', Value>> & { readonly epsilon: number },
) {
  const { mean, square, gamma, beta, epsilon } = given;
  const variance = b.unary('Relu', b.minus(square, b.times(mean, mean))); // rounding may take it below zero
  const scale = b.times(gamma, rootInverse(b, variance, epsilon));
  return { variance, scale, shift: b.minus(beta, b.times(mean, scale)) };
}

export const lowerBatchNormGrad: Lowering = (node, b) => {
  const { epsilon } = node.attributes as unknown as BatchNormAttributes;
  const [dy, x, gamma, mean, variance, dMean, dVariance] = node.inputs as Value[];
  const { p, q, r, dGamma, dBeta } = batchNormGradFactors(b, {
    dBeta: perChannel(b, 'ReduceSum', dy!),
    withInput: perChannel(b, 'ReduceSum', b.times(dy!, x!)),
    gamma: gamma!,
    mean: mean!,
    variance: variance!,
    dMean: dMean!,
    dVariance: dVariance!,
    epsilon,
    count: b.size(x!) / x!.shape[1]!,
  });
  const dx = b.plus(b.plus(b.times(dy!, wide(b, p, x!)), b.times(x!, wide(b, q, x!))), wide(b, r, x!));
  return [dx, dGamma, dBeta];
};

/**
 * dx = γ·rstd·(dy − mean(dy) − x̂·mean(dy·x̂)), as dy·p + x·q + r with p, q and r per channel, so that no
 * intermediate of x's size is kept but the products that are summed. `withInput` is the sum of dy·x. Where nothing
 * comes in through mean and variance, `scaled` says the same as p·(dy + x·q + r).
 */
export function batchNormGradFactors(
  b: Builder,
  given: Readonly<Record<'dBeta' | 'withInput' | 'gamma' | 'mean' | 'variance' | 'dMean' | 'dVariance', Value>> & {
    readonly epsilon: number;
    /** Numbers that one channel has. */
    readonly count: number;
  },
) {
  const { dBeta, withInput, gamma, mean, variance, dMean, dVariance, epsilon, count } = given;
  const rstd = rootInverse(b, variance, epsilon);
  const dGamma = b.times(rstd, b.minus(withInput, b.times(mean, dBeta)));
  const p = b.times(gamma, rstd);
  const qOfP = b.times(b.times(rstd, dGamma), -1 / count);
  const rOfP = b.minus(b.times(dBeta, -1 / count), b.times(qOfP, mean));
  const isScaled = isZero(b, dVariance) && isZero(b, dMean);
  let [q, r] = [b.times(p, qOfP), b.times(p, rOfP)];
  if (!isZero(b, dVariance)) {
    const extra = b.times(dVariance, 2 / count); // 2/M · (x − mean)
    q = b.plus(q, extra);
    r = b.minus(r, b.times(extra, mean));
  }
  if (!isZero(b, dMean)) r = b.plus(r, b.times(dMean, 1 / count));
  return { p, q, r, ...(isScaled && { scaled: { q: qOfP, r: rOfP } }), dGamma, dBeta };
}

/** Reduces all but axis 1: first within each map, then over the batch, in a third of the time of both at once. */
function perChannel(b: Builder, op: string, x: Value): Value {
  const inside = x.shape.map((_, axis) => axis).filter((axis) => axis > 1);
  return b.reduce(op, b.reduce(op, x, inside), [0]);
}

/** [C] as [C, 1, …], which broadcasts over x. */
function wide(b: Builder, perChannel: Value, x: Value): Value {
  return b.reshape(perChannel, [x.shape[1]!, ...x.shape.slice(2).map(() => 1)]);
}

function rootInverse(b: Builder, variance: Value, epsilon: number): Value {
  return b.unary('Reciprocal', b.unary('Sqrt', b.plus(variance, epsilon)));
}

function isZero(b: Builder, value: Value): boolean {
  const made = b.maker(value);
  return uniform(made?.op === 'Expand' ? made.inputs[0]! : value) === 0;
}
