/** The project's own operations. Layout NCHW; each works eagerly on a TensorFlow.js backend and while tracing. */
export { affine } from './operations/affine.js';
export { batchNorm, type Normalised } from './operations/batch-norm.js';
export { type Conv2dOptions, conv2d } from './operations/conv2d.js';
export { gelu } from './operations/gelu.js';
export { layerNorm } from './operations/layer-norm.js';
export { maskedCrossEntropy } from './operations/masked-cross-entropy.js';
export {
  adaptiveAveragePool2d,
  averagePool2d,
  globalAveragePool,
  maxPool2d,
  type PoolOptions,
} from './operations/pools.js';
export { stopGradient } from './operations/stop-gradient.js';
export { unitRows } from './operations/unit-rows.js';
