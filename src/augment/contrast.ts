import { z } from 'zod';
import { clamp01, defineView, LUMA } from './view.js';

/** Every value's distance to the picture's mean luma times a factor in 1 ± strength: mist and glare. */
export const contrast = defineView({
  setting: z.number().min(0).max(1).default(0.7),
  none: 0,
  create(strength, { channels, height, width }) {
    const plane = height * width;
    return (planes, random) => {
      const factor = random.between(1 - strength, 1 + strength);
      if (factor === 1) return;
      let mean = 0;
      for (let c = 0; c < channels; c++) {
        let sum = 0;
        for (let i = c * plane; i < (c + 1) * plane; i++) sum += planes[i]!;
        mean += (sum / plane) * (channels === 3 ? LUMA[c]! : 1 / channels);
      }
      const shift = mean * (1 - factor);
      for (let i = 0; i < planes.length; i++) planes[i] = clamp01(planes[i]! * factor + shift);
    };
  },
});
