import { blockBatchNorm, blockBatchNormGrad } from './batch-norm.js';
import { blockConv2d, blockConv2dInputGrad } from './conv2d.js';
import { blockElementwise, blockElementwisePair } from './elementwise.js';
import { blockConv2dFilterGrad } from './filter-grad.js';
import type { BlockTable } from './forms.js';
import { blockMaxPoolGrad } from './max-pool-grad.js';
import { blockAveragePool, blockMaxPool } from './pools.js';
import { blockReduction } from './reductions.js';

/** What is written in blocks of channels; everything else stays as the plain layout has it. */
export const BLOCKED: BlockTable = {
  KindredAveragePool: blockAveragePool,
  KindredBatchNorm: blockBatchNorm,
  KindredBatchNormGrad: blockBatchNormGrad,
  KindredConv2d: blockConv2d,
  KindredConv2dFilterGrad: blockConv2dFilterGrad,
  KindredConv2dInputGrad: blockConv2dInputGrad,
  KindredMaxPool: blockMaxPool,
  KindredMaxPoolGrad: blockMaxPoolGrad,

  Add: blockElementwisePair,
  Mul: blockElementwisePair,
  Sub: blockElementwisePair,

  Abs: blockElementwise,
  Clip: blockElementwise,
  Erf: blockElementwise,
  HardSigmoid: blockElementwise,
  LeakyRelu: blockElementwise,
  Neg: blockElementwise,
  Relu: blockElementwise,
  Sigmoid: blockElementwise,
  Tanh: blockElementwise,

  ReduceMean: blockReduction,
  ReduceSum: blockReduction,
};
