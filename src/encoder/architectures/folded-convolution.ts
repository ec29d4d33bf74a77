import { reshape, type Tensor, transpose } from '@tensorflow/tfjs-core';
import { conv2d } from '../../tensor/operations.js';

/**
 * A 3 × 3 convolution of the squares of pixels that are folded into channels (row, column, channel of the square). It is
 * computed as what it is, a convolution of the pixels with a stride of one square: folding them would move every one. A
 * side that is no multiple of the square ends in zeros, the mean pixel once pixels are normalised.
 * @param w [O, fold² · C, 3, 3]
 */
export function foldedConvolution(x: Tensor, w: Tensor, fold: number): Tensor {
  const [, channels, height, width] = x.shape as [number, number, number, number];
  const outputs = w.shape[0]!;
  const squares = reshape(w, [outputs, fold, fold, channels, 3, 3]);
  const pixels = reshape(transpose(squares, [0, 3, 4, 1, 5, 2]), [outputs, channels, 3 * fold, 3 * fold]);
  const [bottom, right] = [height, width].map((side) => fold + ((fold - (side % fold)) % fold)) as [number, number];
  return conv2d(x, pixels, { strides: [fold, fold], pads: [fold, fold, bottom, right] });
}
