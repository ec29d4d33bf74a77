import { z } from 'zod';
import { defineView } from './view.js';

/** Black and white exchanged, with this probability: for drawings that come on light and on dark. */
export const invert = defineView({
  setting: z.number().min(0).max(1).default(0),
  none: 0,
  create: (probability) => (planes, random) => {
    if (!random.chance(probability)) return;
    for (let i = 0; i < planes.length; i++) planes[i] = 1 - planes[i]!;
  },
});
