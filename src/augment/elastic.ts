import { z } from 'zod';
import { defineView } from './view.js';
import { createWarp } from './warp.js';

/** Handles a side: those of one cubic patch. */
const HANDLES = 4;

/**
 * Drawn on rubber: sixteen handles are pulled any way by up to `strength` of the side, and the picture follows as one
 * smooth patch. What another hand would have drawn a little wider, longer, slanted or further left. A free-form
 * deformation (Sederberg and Parry 1986); Simard et al. 2003 for what such distortions teach.
 */
export const elastic = defineView({
  setting: z.number().min(0).max(0.5).default(0),
  none: 0,
  create(strength, shape) {
    const { height, width } = shape;
    const warp = createWarp(shape);
    const [columns, rows] = [bernstein(width), bernstein(height)];
    const sources = { x: new Float32Array(height * width), y: new Float32Array(height * width) };
    const pulled = { x: new Float32Array(HANDLES ** 2), y: new Float32Array(HANDLES ** 2) };
    return (planes, random) => {
      for (let handle = 0; handle < HANDLES ** 2; handle++) {
        pulled.x[handle] = random.between(-strength, strength) * width;
        pulled.y[handle] = random.between(-strength, strength) * height;
      }
      if (strength === 0) return;
      follow(pulled.x, columns, rows, sources.x, 1, 0);
      follow(pulled.y, columns, rows, sources.y, 0, 1);
      warp(planes, sources);
    };
  },
});

/** How much each of the four handles of a side has to say at each pixel: `[count, 4]`, each pixel's share 1 in all. */
function bernstein(count: number): Float32Array {
  const shares = new Float32Array(count * HANDLES);
  for (let i = 0; i < count; i++) {
    const t = (i + 0.5) / count;
    const s = 1 - t;
    shares.set([s ** 3, 3 * s * s * t, 3 * s * t * t, t ** 3], i * HANDLES);
  }
  return shares;
}

/** Each pixel's own column (`perColumn` 1) or row (`perRow` 1), moved as the handles `[4, 4]` say. */
function follow(
  handles: Float32Array,
  columns: Float32Array,
  rows: Float32Array,
  out: Float32Array,
  perColumn: number,
  perRow: number,
): void {
  const [width, height] = [columns.length / HANDLES, rows.length / HANDLES];
  const along = new Float32Array(HANDLES);
  for (let y = 0, i = 0; y < height; y++) {
    for (let k = 0; k < HANDLES; k++) {
      along[k] = 0;
      for (let j = 0; j < HANDLES; j++) along[k]! += rows[y * HANDLES + j]! * handles[j * HANDLES + k]!;
    }
    for (let x = 0; x < width; x++, i++) {
      let moved = perColumn * x + perRow * y;
      for (let k = 0; k < HANDLES; k++) moved += columns[x * HANDLES + k]! * along[k]!;
      out[i] = moved;
    }
  }
}
