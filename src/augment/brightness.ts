import { z } from 'zod';
import { clamp01, defineView } from './view.js';

/** Every value times a factor in 1 ± strength, cut at 1: other light. */
export const brightness = defineView({
  setting: z.number().min(0).max(1).default(0.7),
  none: 0,
  create: (strength) => (planes, random) => {
    const factor = random.between(1 - strength, 1 + strength);
    if (factor === 1) return;
    for (let i = 0; i < planes.length; i++) {
      planes[i] = clamp01(planes[i]! * factor);
    }
  },
});
