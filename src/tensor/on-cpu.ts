import * as tf from '@tensorflow/tfjs-core';

/**
 * Does something with TensorFlow.js's own processor backend, also in the middle of a trace, and puts back what was
 * there. `loadCpuBackend` must have been called. No await in between.
 */
export function onCpu<T>(work: () => T): T {
  const engine = tf.engine();
  const before = engine.backendName;
  void engine.setBackend('cpu'); // settles at once: the factory is synchronous
  try {
    return work();
  } finally {
    if (before) void engine.setBackend(before);
  }
}
