import { z } from 'zod';
import { defineView } from './view.js';

/** Left and right exchanged, with this probability. Off where things face one way and that matters (letters, shoes). */
export const flip = defineView({
  setting: z.number().min(0).max(1).default(0.5),
  none: 0,
  create:
    (probability, { channels, height, width }) =>
    (planes, random) => {
      if (!random.chance(probability)) return;
      for (let row = 0; row < channels * height; row++) planes.subarray(row * width, (row + 1) * width).reverse();
    },
});
