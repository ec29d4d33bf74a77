import { z } from 'zod';
import { defineView, LUMA } from './view.js';

/** Takes all colour away, with this probability: shape must do for once. */
export const grayscale = defineView({
  setting: z.number().min(0).max(1).default(0.1),
  none: 0,
  create(probability, { channels, height, width }) {
    const plane = height * width;
    return (planes, random) => {
      if (!random.chance(probability) || channels !== 3) return;
      for (let i = 0; i < plane; i++) {
        const grey = LUMA[0] * planes[i]! + LUMA[1] * planes[i + plane]! + LUMA[2] * planes[i + 2 * plane]!;
        planes[i] = grey;
        planes[i + plane] = grey;
        planes[i + 2 * plane] = grey;
      }
    };
  },
});
