import { z } from 'zod';
import { clamp01, defineView, LUMA } from './view.js';

/**
 * Turns every colour round the grey axis by an angle within ± strength of a half turn, luma kept: same thing, other
 * paint. The turn is in the plane of colour differences (as SVG's hueRotate), one matrix for the whole picture, which is
 * several times as fast as going through HSV. Too much of it, and colour can no longer tell things apart.
 */
export const hue = defineView({
  setting: z.number().min(0).max(1).default(0.25),
  none: 0,
  create(strength, { channels, height, width }) {
    const plane = height * width;
    return (planes, random) => {
      const angle = random.between(-strength, strength) * Math.PI;
      if (channels !== 3 || angle === 0) return;
      const [a, b, c, d, e, f, g, h, k] = hueMatrix(angle);
      for (let i = 0; i < plane; i++) {
        const red = planes[i]!;
        const green = planes[i + plane]!;
        const blue = planes[i + 2 * plane]!;
        planes[i] = clamp01(a * red + b * green + c * blue);
        planes[i + plane] = clamp01(d * red + e * green + f * blue);
        planes[i + 2 * plane] = clamp01(g * red + h * green + k * blue);
      }
    };
  },
});

type Matrix = readonly [number, number, number, number, number, number, number, number, number];

const [R, G, B] = LUMA;

/**
 * RGB → RGB, row by row. Colour differences u = (r−Y, b−Y) scaled so that the turn is by `angle` in the U, V plane of
 * PAL (U = 0.492 (b−Y), V = 0.877 (r−Y)); g follows from Y.
 */
export function hueMatrix(angle: number): Matrix {
  const [cos, sin] = [Math.cos(angle), Math.sin(angle)];
  const tilt = 0.877 / 0.492; // V per U for equal colour differences
  const rows = ([0, 1, 2] as const).map((channel) => {
    const one = [0, 0, 0];
    one[channel] = 1;
    const luma = LUMA[channel];
    const [u, v] = [one[2]! - luma, one[0]! - luma];
    const [blue, red] = [u * cos - v * tilt * sin, (u / tilt) * sin + v * cos];
    return [luma + red, luma - (R * red + B * blue) / G, luma + blue] as const;
  });
  const [x, y, z] = rows as [(typeof rows)[0], (typeof rows)[0], (typeof rows)[0]];
  return [x[0], y[0], z[0], x[1], y[1], z[1], x[2], y[2], z[2]];
}
