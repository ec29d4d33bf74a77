import type { LoweringTable } from '../lowering.js';
import { lowerBatchNorm, lowerBatchNormGrad } from './batch-norm.js';
import { lowerConv2d, lowerConv2dFilterGrad, lowerConv2dInputGrad } from './conv2d.js';
import { lowerLayerNorm, lowerLayerNormGrad } from './layer-norm.js';
import { lowerMatMul } from './matmul.js';
import { lowerAveragePool, lowerAveragePoolGrad, lowerMaxPool, lowerMaxPoolGrad } from './pools.js';

/** The plain layout: NCHW as ONNX's own operators have it. Every processor runs it; it is the twin that is believed. */
export const PLAIN: LoweringTable = {
  KindredAveragePool: lowerAveragePool,
  KindredAveragePoolGrad: lowerAveragePoolGrad,
  KindredBatchNorm: lowerBatchNorm,
  KindredBatchNormGrad: lowerBatchNormGrad,
  KindredConv2d: lowerConv2d,
  KindredConv2dFilterGrad: lowerConv2dFilterGrad,
  KindredConv2dInputGrad: lowerConv2dInputGrad,
  KindredLayerNorm: lowerLayerNorm,
  KindredLayerNormGrad: lowerLayerNormGrad,
  KindredMaxPool: lowerMaxPool,
  KindredMaxPoolGrad: lowerMaxPoolGrad,
  MatMul: lowerMatMul,
};
