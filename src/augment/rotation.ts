import { z } from 'zod';
import { defineView } from './view.js';
import { createWarp } from './warp.js';

/**
 * Turned about its middle by an angle within ± strength of a half turn. For things that lie as they please; where upright
 * means something, a little of it or none.
 */
export const rotation = defineView({
  setting: z.number().min(0).max(1).default(0),
  none: 0,
  create(strength, shape) {
    const { height, width } = shape;
    const warp = createWarp(shape);
    const sources = { x: new Float32Array(height * width), y: new Float32Array(height * width) };
    const [middleX, middleY] = [(width - 1) / 2, (height - 1) / 2];
    return (planes, random) => {
      const angle = random.between(-strength, strength) * Math.PI;
      if (angle === 0) return;
      const [cos, sin] = [Math.cos(angle), Math.sin(angle)];
      for (let y = 0, i = 0; y < height; y++)
        for (let x = 0; x < width; x++, i++) {
          sources.x[i] = middleX + cos * (x - middleX) + sin * (y - middleY);
          sources.y[i] = middleY - sin * (x - middleX) + cos * (y - middleY);
        }
      warp(planes, sources);
    };
  },
});
