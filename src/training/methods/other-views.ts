import { concat, type Tensor2D } from '@tensorflow/tfjs-core';
import { halves } from '../losses/halves.js';

/** `[2N, P]` with the two halves changed over: beside each view the other one of its sample. */
export function otherViews(rows: Tensor2D): Tensor2D {
  const [first, second] = halves(rows);
  return concat([second, first], 0);
}
