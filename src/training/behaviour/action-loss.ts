import { matMul, mul, type Scalar, type Tensor, type Tensor2D } from '@tensorflow/tfjs-core';
import { maskedCrossEntropy } from '../../tensor/operations.js';

/** Pairs of a state and the action that followed, whatever they come from. Rows of states and actions have length 1. */
export interface StateActions {
  /** [B, D] */
  readonly states: Tensor2D;
  /** [C, D], the actions of the whole batch and any others beside them. */
  readonly actions: Tensor2D;
  /** [B, C], 1 where the action followed upon the state, 0 elsewhere. */
  readonly targets: Tensor;
  /** [B, C], added to the logits: −log q for an action that is drawn with probability q, a large negative number where
   * it is no wrong answer to this state. */
  readonly correction: Tensor;
}

/**
 * InfoNCE over states and actions: each state is drawn to the action that followed it and pushed from the actions of
 * others. Popular actions stand among the others more often, so what is expected of that is taken away from their
 * logits. Van den Oord et al. 2018, eq. 4, arXiv:1807.03748; Yi et al. 2019, "Sampling-Bias-Corrected Neural Modeling for
 * Large Corpus Item Recommendations", eq. 3.
 *
 *   l(i) = −log( exp(s_i · a_i / t − log q_i) / sum over j of exp(s_i · a_j / t − log q_j) )     t = temperature
 */
export function actionLoss({ temperature }: { readonly temperature: number }): (pairs: StateActions) => Scalar {
  return ({ states, actions, targets, correction }) => {
    const logits = mul(matMul(states, actions, false, true), 1 / temperature); // [B, C]
    return maskedCrossEntropy(logits, correction, targets);
  };
}
