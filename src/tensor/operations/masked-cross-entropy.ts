import * as tf from '@tensorflow/tfjs-core';
import type { Save } from './declare.js';

/**
 * Mean over the rows of −log softmax(logits + mask)[target]: what NT-Xent and every classifier end in. Stable: the
 * largest logit of a row is subtracted before anything is exponentiated.
 * @param logits [R, K]
 * @param mask [R, K], added to the logits: 0 keeps, a large negative number (−1e9) leaves out. Gets no gradient.
 * @param target [R] int32 indices, or [R, K] one-hot. Gets no gradient.
 * @returns a scalar
 */
export function maskedCrossEntropy(logits: tf.Tensor, mask: tf.Tensor, target: tf.Tensor): tf.Scalar {
  const columns = logits.shape[1]!;
  const wanted = target.rank === 1 ? tf.oneHot(tf.cast(target, 'int32'), columns) : target;
  return averaged(logits, mask, tf.cast(wanted, 'float32'));
}

const averaged = (logits: tf.Tensor, mask: tf.Tensor, wanted: tf.Tensor): tf.Scalar =>
  tf.customGrad((input, save) => {
    const rows = (input as tf.Tensor).shape[0]!;
    const shown = tf.add(input as tf.Tensor, mask);
    const logShares = tf.logSoftmax(shown);
    (save as Save)([logShares, wanted]); // saved, or an eager gradient scope frees it before it is read
    const value = tf.div(tf.sum(tf.mul(logShares, wanted)), -rows) as tf.Scalar;
    const gradFunc = (dy: tf.Scalar, [saved, target]: tf.Tensor[]) =>
      tf.mul(tf.sub(tf.exp(saved!), target!), tf.div(dy, rows));
    return { value, gradFunc };
  })(logits) as tf.Scalar;
