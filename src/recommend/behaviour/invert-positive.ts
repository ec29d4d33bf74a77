import { pause } from './source.js';

/** Rows and columns that are swept at once: a panel of them stays in the processor's cache. */
const BLOCK = 48;

/**
 * The inverse of a symmetric positive definite matrix, [size × size] by rows, in place and in float64: the sweep
 * operator on one block of columns after the other, which needs size³ multiplications and no second matrix. Goodnight
 * 1979, "A Tutorial on the SWEEP Operator". Only the lower triangle is read. Throws CANCELLED, and a RangeError where
 * the matrix is not positive definite.
 */
export async function invertPositive(matrix: Float64Array, size: number, signal?: AbortSignal): Promise<void> {
  const panel = new Float64Array(size * BLOCK);
  const scaled = new Float64Array(size * BLOCK);
  for (let from = 0; from < size; from += BLOCK) {
    await pause(signal);
    const width = Math.min(BLOCK, size - from);
    takePanel(matrix, size, from, width, panel);
    const corner = panel.slice(from * width, (from + width) * width);
    sweepWhole(corner, width); // minus the inverse of the block on the diagonal
    multiplyRows(panel, corner, scaled, size, width);
    takeAway(matrix, size, from, width, panel, scaled);
    putPanel(matrix, size, from, width, scaled, corner);
  }
  for (let i = 0; i < size; i++) {
    for (let j = 0; j <= i; j++) {
      const value = -matrix[i * size + j]!;
      matrix[i * size + j] = value;
      matrix[j * size + i] = value;
    }
  }
}

/** Columns `from` to `from + width` as [size × width], from the lower triangle. */
function takePanel(matrix: Float64Array, size: number, from: number, width: number, panel: Float64Array): void {
  for (let i = 0; i < size; i++) {
    for (let k = 0; k < width; k++) {
      const column = from + k;
      panel[i * width + k] = i >= column ? matrix[i * size + column]! : matrix[column * size + i]!;
    }
  }
}

/** One pivot after the other: the block becomes minus its inverse. */
function sweepWhole(block: Float64Array, width: number): void {
  for (let k = 0; k < width; k++) {
    const pivot = block[k * width + k]!;
    if (!(pivot > 0)) throw new RangeError('The matrix is not positive definite.');
    for (let i = 0; i < width; i++) {
      if (i === k) continue;
      const share = block[i * width + k]! / pivot;
      for (let j = 0; j < width; j++) if (j !== k) block[i * width + j]! -= share * block[k * width + j]!;
    }
    for (let i = 0; i < width; i++) {
      if (i === k) continue;
      block[i * width + k]! /= pivot;
      block[k * width + i] = block[i * width + k]!;
    }
    block[k * width + k] = -1 / pivot;
  }
}

/** scaled = panel × inverse of the corner, whose negative is handed in. */
function multiplyRows(
  panel: Float64Array,
  corner: Float64Array,
  scaled: Float64Array,
  size: number,
  width: number,
): void {
  for (let i = 0; i < size; i++) {
    for (let k = 0; k < width; k++) {
      let sum = 0;
      for (let m = 0; m < width; m++) sum -= panel[i * width + m]! * corner[m * width + k]!;
      scaled[i * width + k] = sum;
    }
  }
}

/** matrix −= scaled × panelᵀ in the lower triangle, outside the swept rows and columns; four columns at once. */
function takeAway(
  matrix: Float64Array,
  size: number,
  from: number,
  width: number,
  panel: Float64Array,
  scaled: Float64Array,
): void {
  for (let i = 0; i < size; i++) {
    if (i >= from && i < from + width) continue;
    const a = i * width;
    for (let j = 0; j <= i; j += 4) {
      const [b, c, d, e] = [j * width, (j + 1) * width, (j + 2) * width, (j + 3) * width];
      if (j + 3 >= size) {
        for (let rest = j; rest <= i; rest++)
          matrix[i * size + rest]! -= product(scaled, a, panel, rest * width, width);
        continue;
      }
      let [one, two, three, four] = [0, 0, 0, 0];
      for (let k = 0; k < width; k++) {
        const x = scaled[a + k]!;
        one += x * panel[b + k]!;
        two += x * panel[c + k]!;
        three += x * panel[d + k]!;
        four += x * panel[e + k]!;
      }
      // What lies right of the diagonal or in the swept columns is written over later, or never read.
      const at = i * size + j;
      matrix[at]! -= one;
      matrix[at + 1]! -= two;
      matrix[at + 2]! -= three;
      matrix[at + 3]! -= four;
    }
  }
}

function product(a: Float64Array, atA: number, b: Float64Array, atB: number, length: number): number {
  let sum = 0;
  for (let k = 0; k < length; k++) sum += a[atA + k]! * b[atB + k]!;
  return sum;
}

/** The swept columns: the scaled panel beside them, minus the inverse of the corner where they cross. */
function putPanel(
  matrix: Float64Array,
  size: number,
  from: number,
  width: number,
  scaled: Float64Array,
  corner: Float64Array,
): void {
  for (let i = 0; i < size; i++) {
    for (let k = 0; k < width; k++) {
      const column = from + k;
      const crosses = i >= from && i < from + width;
      const value = crosses ? corner[(i - from) * width + k]! : scaled[i * width + k]!;
      if (i >= column) matrix[i * size + column] = value;
      else matrix[column * size + i] = value;
    }
  }
}
