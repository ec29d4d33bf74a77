import * as tf from '@tensorflow/tfjs-core';

/** Loads TensorFlow.js's own processor backend, without making it the current one, and without its advertisement. */
export async function loadCpuBackend(): Promise<void> {
  await import('@tensorflow/tfjs-backend-cpu');
  const cpu = tf.findBackend('cpu') as { firstUse?: boolean } | null;
  if (cpu) cpu.firstUse = false; // on first use in Node it prints a banner for tfjs-node
}
