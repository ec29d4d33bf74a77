import { add, matMul, relu, type Tensor2D } from '@tensorflow/tfjs-core';
import { type Block, bias, linear, scaleAndShift } from './block.js';

/**
 * The head that a contrastive loss looks at: Linear, batch norm, ReLU, Linear. It is thrown away after training.
 * Chen et al. 2020, section 4.2. arXiv:2002.05709
 */
export function projectionHead(name: string, inputs: number, hidden: number, outputs: number): Block {
  const norm = { name: `${name}/norm`, channels: hidden };
  return {
    parameters: [
      linear(`${name}/hidden`, inputs, hidden),
      ...scaleAndShift(norm),
      linear(`${name}/out`, hidden, outputs),
      bias(`${name}/bias`, outputs),
    ],
    normalisations: [norm],
    width: outputs,
    forward(scope, x) {
      const hiddenRows = matMul(x as Tensor2D, scope.parameter(`${name}/hidden`) as Tensor2D); // [N, hidden]
      const active = relu(scope.normalise(norm.name, hiddenRows));
      const rows = matMul(active as Tensor2D, scope.parameter(`${name}/out`) as Tensor2D);
      return add(rows, scope.parameter(`${name}/bias`)); // [N, outputs]
    },
  };
}
