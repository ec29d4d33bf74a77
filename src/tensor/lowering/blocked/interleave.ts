import type { Builder } from '../../builder.js';
import type { Value } from '../../graph.js';
import { steps } from './row-indices.js';

/** A map in pieces: the places that are alike modulo the strides, in blocks each; undefined where all of them are zero. */
export interface Phased {
  readonly phases: readonly (Value | undefined)[];
  readonly strides: readonly [number, number];
}

/**
 * The phases back in their places: their pixels stand behind each other, and one Gather picks them.
 * @param shape [N, C', H, W]
 */
export function interleave(
  b: Builder,
  size: number,
  { phases: parts, strides }: Phased,
  [n, c, height, width]: readonly number[],
): Value {
  const maps = (n! * c!) / size;
  const starts: number[] = [];
  let end = 0;
  for (const part of parts) {
    starts.push(end);
    if (part) end += b.size(part) / size;
  }
  const zero = end; // one row of zeros behind all parts, for the phases that no tap sees
  const hasZeros = parts.includes(undefined);
  const rows = parts.flatMap((part) => (part ? [b.reshape(part, [b.size(part) / size, size])] : []));
  const stacked = b.concat([...rows, ...(hasZeros ? [zeroRow(size)] : [])], 0);

  const first: number[] = [];
  const perMap: number[] = [];
  for (let y = 0; y < height!; y++)
    for (let x = 0; x < width!; x++) {
      const index = (y % strides[0]) * strides[1] + (x % strides[1]);
      const part = parts[index];
      const across = part?.shape[3] ?? 0;
      first.push(part ? starts[index]! + Math.floor(y / strides[0]) * across + Math.floor(x / strides[1]) : zero);
      perMap.push(part ? part.shape[2]! * across : 0);
    }
  const column = (numbers: readonly number[], shape: readonly number[]): Value => ({
    shape,
    type: 'int32',
    constant: Int32Array.from(numbers),
  });
  const places = [1, height! * width!];
  const along = b.times(column(steps(maps), [maps, 1]), column(perMap, places));
  const indices = b.reshape(b.plus(along, column(first, places)), [maps * height! * width!]);
  return b.reshape(b.gather(stacked, indices, 0), [n!, c!, height!, width!]);
}

const zeroRow = (size: number): Value => ({ shape: [1, size], type: 'float32', constant: new Float32Array(size) });
