import { getGradient } from '@tensorflow/tfjs-core';
import { ELEMENTWISE_GRADIENTS } from './gradients/elementwise.js';
import { registerGradient, registerListGradient } from './gradients/gradient.js';
import { LIST_GRADIENTS, STRUCTURE_GRADIENTS } from './gradients/structure.js';

let registered = false;

/**
 * Registers the gradients of TensorFlow.js's kernels, once. Our own table, because the bundle that Node loads of
 * tfjs-core 4.22 brings none, its `register_all_gradients` can't be loaded by Node, and some of its rules cost much
 * when traced (Pow for square roots, ones as large as the input for means).
 */
export function registerGradients(): void {
  if (registered && getGradient('Mean')) return;
  registered = true;
  for (const [name, gradient] of Object.entries({ ...ELEMENTWISE_GRADIENTS, ...STRUCTURE_GRADIENTS }))
    registerGradient(name, gradient);
  for (const [name, gradient] of Object.entries(LIST_GRADIENTS)) registerListGradient(name, gradient);
}
