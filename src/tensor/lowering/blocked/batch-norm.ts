import type { Value } from '../../graph.js';
import type { BatchNormAttributes } from '../../operations/batch-norm.js';
import { batchNormFactors, batchNormGradFactors } from '../plain/batch-norm.js';
import { affineBlocked, dots, mapMeans } from './convolve.js';
import type { BlockRule, Forms } from './forms.js';

const isMap = (x: Value): boolean => x.shape.length === 4;

/** Two reads for the statistics and one pass that applies them. */
export const blockBatchNorm: BlockRule = (node, forms) => {
  const { epsilon } = node.attributes as unknown as BatchNormAttributes;
  const [x, gamma, beta] = node.inputs as [Value, Value, Value];
  if (!isMap(x) || !forms.isBlocked(x)) return undefined;
  const { builder: b } = forms;
  const image = forms.blocked(x);
  const mean = b.reduce('ReduceMean', mapMeans(b, image), [0]);
  const square = b.times(b.reduce('ReduceSum', dots(b, image, image), [0]), 1 / countOf(b.size(image), image));
  const { variance, scale, shift } = batchNormFactors(b, {
    mean,
    square,
    gamma: forms.channels(gamma),
    beta: forms.channels(beta),
    epsilon,
  });
  const channels = x.shape[1]!;
  return [
    { blocked: affineBlocked(b, image, scale, shift) },
    { plain: forms.cut(mean, channels) },
    { plain: forms.cut(variance, channels) },
  ];
};

/**
 * dx = p·(dy + x·q + r) with p, q and r per channel (`batchNormGradFactors`): a pass over x that adds dy, in place where
 * nothing else needs that. The factor p is left to who takes dx.
 */
export const blockBatchNormGrad: BlockRule = (node, forms) => {
  const { epsilon } = node.attributes as unknown as BatchNormAttributes;
  const [dy, x, gamma, mean, variance, dMean, dVariance] = node.inputs as Value[];
  if (!isMap(x!) || !(forms.isBlocked(x!) || forms.isBlocked(dy!))) return undefined;
  const { builder: b } = forms;
  const [slope, image] = [forms.blocked(dy!), forms.blocked(x!)];
  const count = countOf(b.size(image), image);
  const { p, q, r, scaled, dGamma, dBeta } = batchNormGradFactors(b, {
    dBeta: b.times(b.reduce('ReduceMean', mapMeans(b, slope), [0]), count),
    withInput: b.reduce('ReduceSum', dots(b, slope, image), [0]),
    gamma: forms.channels(gamma!),
    mean: forms.channels(mean!),
    variance: forms.channels(variance!),
    dMean: vanishing(forms, dMean!),
    dVariance: vanishing(forms, dVariance!),
    epsilon,
    count,
  });
  const channels = x!.shape[1]!;
  const dx = scaled
    ? { blocked: b.plus(affineBlocked(b, image, scaled.q, scaled.r), slope), scale: p }
    : { blocked: affineBlocked(b, image, q, undefined, affineBlocked(b, slope, p, r)) };
  return [dx, { plain: forms.cut(dGamma, channels) }, { plain: forms.cut(dBeta, channels) }];
};

/** Zeros stay recognisable as such: padding would hide them. */
function vanishing(forms: Forms, value: Value): Value {
  const made = forms.builder.maker(value);
  return made?.op === 'Expand' || value.constant ? value : forms.channels(value);
}

/** Numbers that one channel has. */
const countOf = (numbers: number, { shape }: Value): number => numbers / shape[1]!;
