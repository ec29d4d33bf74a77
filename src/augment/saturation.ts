import { z } from 'zod';
import { clamp01, defineView, LUMA } from './view.js';

/** Every colour's distance to its own grey times a factor in 1 ± strength. Grey pictures stay as they are. */
export const saturation = defineView({
  setting: z.number().min(0).max(1).default(0.25),
  none: 0,
  create(strength, { channels, height, width }) {
    const plane = height * width;
    return (planes, random) => {
      const factor = random.between(1 - strength, 1 + strength);
      if (channels !== 3 || factor === 1) return;
      for (let i = 0; i < plane; i++) {
        const r = planes[i]!;
        const g = planes[i + plane]!;
        const b = planes[i + 2 * plane]!;
        const shift = (LUMA[0] * r + LUMA[1] * g + LUMA[2] * b) * (1 - factor);
        planes[i] = clamp01(r * factor + shift);
        planes[i + plane] = clamp01(g * factor + shift);
        planes[i + 2 * plane] = clamp01(b * factor + shift);
      }
    };
  },
});
