import { z } from 'zod';
import { defineView, type PlaneShape } from './view.js';

/**
 * A random part of the picture, stretched to the whole: what makes "the same thing, nearer, elsewhere" look alike.
 * Szegedy et al. 2015, arXiv:1409.4842, as used by SimCLR. Area as a share of the picture; the aspect is log-uniform
 * in [1/aspect, aspect] and a side never passes the picture's. Bilinear: a crop only ever enlarges.
 * Too little (`area` near [1, 1]) and everything but colour is trivial; too much and the two views share no content.
 */
export const crop = defineView({
  setting: z
    .strictObject({
      area: z.tuple([z.number().min(0.01).max(1), z.number().min(0.01).max(1)]).default([0.2, 1]),
      aspect: z
        .number()
        .min(1)
        .max(4)
        .default(4 / 3),
    })
    .refine(({ area }) => area[0] <= area[1], {
      error: 'The smallest area is larger than the largest.',
      path: ['area'],
    })
    .prefault({}),
  none: { area: [1, 1], aspect: 1 },
  create({ area: [smallest, largest], aspect }, shape) {
    const { width, height } = shape;
    const stretch = createStretch(shape);
    const spread = Math.log(aspect);
    return (planes, random) => {
      const side = Math.sqrt(random.between(smallest, largest));
      const lean = Math.exp(random.between(-spread, spread) / 2);
      const [w, h] = [Math.min(1, side * lean) * width, Math.min(1, side / lean) * height];
      const [left, top] = [random.next() * (width - w), random.next() * (height - h)];
      if (w < width || h < height) stretch(planes, left, top, w, h);
    };
  },
});

/** Between which two columns (or rows) each new one lies, and how near the second: pixel centres are at 0.5. */
function place(low: Int32Array, high: Int32Array, share: Float32Array, start: number, span: number): void {
  const count = low.length;
  const step = span / count;
  for (let i = 0; i < count; i++) {
    const at = Math.min(Math.max(start + (i + 0.5) * step - 0.5, 0), count - 1);
    const below = Math.floor(at);
    low[i] = below;
    high[i] = Math.min(below + 1, count - 1);
    share[i] = at - below;
  }
}

/** Bilinear resampling of a rectangle (in pixels, may be fractional) to the whole plane, in place. */
export function createStretch({ channels, height, width }: PlaneShape) {
  // Rows first, then columns, as the two are independent: each source row in use is stretched once, not once a pixel.
  const wide = new Float32Array(channels * height * width);
  const columns = [new Int32Array(width), new Int32Array(width), new Float32Array(width)] as const;
  const rows = [new Int32Array(height), new Int32Array(height), new Float32Array(height)] as const;
  return (planes: Float32Array, left: number, top: number, w: number, h: number): void => {
    place(...columns, left, w);
    place(...rows, top, h);
    const [x0, x1, fx] = columns;
    const [y0, y1, fy] = rows;
    for (let c = 0; c < channels; c++) {
      const plane = c * height * width;
      for (let y = y0[0]!; y <= y1[height - 1]!; y++) {
        const row = plane + y * width;
        for (let x = 0; x < width; x++) {
          const a = planes[row + x0[x]!]!;
          wide[row + x] = a + (planes[row + x1[x]!]! - a) * fx[x]!;
        }
      }
      for (let y = 0; y < height; y++) {
        const above = plane + y0[y]! * width;
        const below = plane + y1[y]! * width;
        const down = fy[y]!;
        const to = plane + y * width;
        for (let x = 0; x < width; x++) {
          const a = wide[above + x]!;
          planes[to + x] = a + (wide[below + x]! - a) * down;
        }
      }
    }
  };
}
