import { z } from 'zod';
import { defineView, type PlaneShape } from './view.js';

const SMALLEST = 0.002; // Of the side: a tenth of a pixel at 48.
const LARGEST = 0.04; // Of the side: two pixels at 48, as SimCLR's on its scale.

/** A Gaussian blur of random width, with this probability. Rarely worth it below 64 pixels: it hides what is there. */
export const blur = defineView({
  setting: z.number().min(0).max(1).default(0),
  none: 0,
  create(probability, shape) {
    const soften = createGaussian(shape);
    const side = Math.max(shape.width, shape.height);
    return (planes, random) => {
      const wanted = random.chance(probability);
      const sigma = random.between(SMALLEST, LARGEST) * side;
      if (wanted) soften(planes, sigma);
    };
  },
});

/** Weights from the middle outward; the whole kernel adds up to 1. */
function gaussian(sigma: number): Float32Array {
  const half = Float32Array.from({ length: Math.ceil(3 * sigma) + 1 }, (_, i) => Math.exp(-(i * i) / (2 * sigma ** 2)));
  const sum = half.reduce((total, weight, i) => total + (i === 0 ? weight : 2 * weight), 0);
  return half.map((weight) => weight / sum);
}

/** Blurs in place, along rows and then along columns; beyond the edge the edge goes on. */
export function createGaussian({ channels, height, width }: PlaneShape) {
  const line = new Float32Array(Math.max(width, height));
  function along(planes: Float32Array, start: number, step: number, count: number, weights: Float32Array): void {
    for (let i = 0; i < count; i++) line[i] = planes[start + i * step]!;
    for (let i = 0; i < count; i++) {
      let sum = line[i]! * weights[0]!;
      for (let k = 1; k < weights.length; k++)
        sum += weights[k]! * (line[Math.max(0, i - k)]! + line[Math.min(count - 1, i + k)]!);
      planes[start + i * step] = Math.min(sum, 1);
    }
  }
  return (planes: Float32Array, sigma: number): void => {
    const weights = gaussian(sigma);
    for (let row = 0; row < channels * height; row++) along(planes, row * width, 1, width, weights);
    for (let c = 0; c < channels; c++)
      for (let x = 0; x < width; x++) along(planes, c * height * width + x, width, height, weights);
  };
}
