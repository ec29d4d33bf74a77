/** Eigenvalues, largest first, and the eigenvectors as rows: `vectors[k * size + i]` belongs to `values[k]`. */
export interface Eigen {
  readonly values: Float64Array;
  readonly vectors: Float64Array;
}

/**
 * All eigenvalues and unit eigenvectors of a real symmetric matrix: Householder reflections to tridiagonal form, then
 * implicit QL with shifts. Golub and Van Loan, "Matrix Computations", sections 8.3.1 and 8.3.3. About 10 n³
 * operations: half a second at n = 512, where Jacobi sweeps take minutes. Vectors are kept as rows so that each inner
 * loop runs along memory.
 * @param matrix `size * size` numbers; only its symmetry is trusted, and it is not changed
 */
export function symmetricEigen(matrix: Float64Array, size: number): Eigen {
  const { diagonal, beside, basis } = tridiagonalise(matrix.slice(), size);
  diagonalise(diagonal, beside, basis, size);
  const order = Array.from({ length: size }, (_, i) => i).sort((a, b) => diagonal[b]! - diagonal[a]!);
  const vectors = new Float64Array(size * size);
  order.forEach((from, to) => {
    vectors.set(basis.subarray(from * size, (from + 1) * size), to * size);
  });
  return { values: Float64Array.from(order, (from) => diagonal[from]!), vectors };
}

interface Tridiagonal {
  readonly diagonal: Float64Array;
  /** `beside[i]` joins i and i + 1; the last is 0. */
  readonly beside: Float64Array;
  /** Row i is the direction, in the original coordinates, of tridiagonal coordinate i. */
  readonly basis: Float64Array;
}

/** Destroys `a`. Reflection k maps column k below the diagonal onto one coordinate. */
function tridiagonalise(a: Float64Array, size: number): Tridiagonal {
  const diagonal = new Float64Array(size);
  const beside = new Float64Array(size);
  const reflections: (Float64Array | undefined)[] = [];
  for (let k = 0; k < size - 1; k++) {
    const v = new Float64Array(size);
    let length = 0;
    for (let i = k + 1; i < size; i++) length += a[k * size + i]! ** 2;
    length = Math.sqrt(length);
    const first = a[k * size + k + 1]!;
    const target = first > 0 ? -length : length; // the sign that cannot cancel
    for (let i = k + 1; i < size; i++) v[i] = a[k * size + i]!;
    v[k + 1] = first - target;
    const scale = Math.sqrt(length * length - first * first + v[k + 1]! ** 2);
    if (k === size - 2 || scale === 0) {
      beside[k] = first; // nothing to remove
      reflections.push(undefined);
      continue;
    }
    for (let i = k + 1; i < size; i++) v[i]! /= scale;
    beside[k] = target;
    reflectBothSides(a, v, k + 1, size);
    reflections.push(v);
  }
  for (let i = 0; i < size; i++) diagonal[i] = a[i * size + i]!;
  return { diagonal, beside, basis: productOf(reflections, size, 1) };
}

/** A ← H A H with H = 1 − 2 v vᵀ, for rows and columns from `start`: A − 2 (v wᵀ + w vᵀ), w = A v − (vᵀ A v) v. */
function reflectBothSides(a: Float64Array, v: Float64Array, start: number, size: number): void {
  const w = new Float64Array(size);
  let along = 0;
  for (let i = start; i < size; i++) {
    let sum = 0;
    const row = i * size;
    for (let j = start; j < size; j++) sum += a[row + j]! * v[j]!;
    w[i] = sum;
    along += sum * v[i]!;
  }
  for (let i = start; i < size; i++) w[i]! -= along * v[i]!;
  for (let i = start; i < size; i++) {
    const row = i * size;
    const twiceV = 2 * v[i]!;
    const twiceW = 2 * w[i]!;
    for (let j = start; j < size; j++) a[row + j]! -= twiceV * w[j]! + twiceW * v[j]!;
  }
}

/**
 * The rows of H(last) … H(1) H(0), built from the last, so that early rows stay those of the identity as long as they can.
 * H(k) = 1 − 2 v vᵀ, where v is 0 before place k + `shift`; undefined is 1.
 */
export function productOf(
  reflections: readonly (Float64Array | undefined)[],
  size: number,
  shift: number,
): Float64Array {
  const basis = new Float64Array(size * size);
  for (let i = 0; i < size; i++) basis[i * size + i] = 1;
  for (let k = reflections.length - 1; k >= 0; k--) {
    const v = reflections[k];
    if (v === undefined) continue;
    const from = k + shift;
    for (let i = from; i < size; i++) {
      const row = i * size;
      let along = 0;
      for (let j = from; j < size; j++) along += basis[row + j]! * v[j]!;
      along *= 2;
      for (let j = from; j < size; j++) basis[row + j]! -= along * v[j]!;
    }
  }
  return basis;
}

/** Implicit QL: chases `beside` to zero by plane rotations, and turns the rows of `basis` along. In place. */
function diagonalise(diagonal: Float64Array, beside: Float64Array, basis: Float64Array, size: number): void {
  let largest = 0;
  for (let i = 0; i < size; i++) largest = Math.max(largest, Math.abs(diagonal[i]!) + Math.abs(beside[i]!));
  // Next to eigenvalues of 0 (equal rows), rounding leaves couplings that no share of their neighbours bounds.
  const floor = Number.EPSILON * largest;
  for (let low = 0; low < size; low++) {
    for (let sweep = 0; ; sweep++) {
      const high = endOfBlock(diagonal, beside, low, floor);
      if (high === low) break;
      if (sweep === 60)
        throw new RangeError('The matrix has no eigenvalues that can be found: is every number finite?');
      sweepBlock(diagonal, beside, basis, low, high, size);
    }
  }
}

/** The first index from `low` on whose coupling to the next is negligible. */
function endOfBlock(diagonal: Float64Array, beside: Float64Array, low: number, floor: number): number {
  let high = low;
  while (high < diagonal.length - 1) {
    const scale = Math.abs(diagonal[high]!) + Math.abs(diagonal[high + 1]!);
    if (Math.abs(beside[high]!) <= Math.max(floor, Number.EPSILON * scale)) break;
    high++;
  }
  return high;
}

/** One QL sweep over the block low … high, shifted by the eigenvalue of its top corner (Wilkinson). */
function sweepBlock(
  diagonal: Float64Array,
  beside: Float64Array,
  basis: Float64Array,
  low: number,
  high: number,
  size: number,
): void {
  const half = (diagonal[low + 1]! - diagonal[low]!) / (2 * beside[low]!);
  const root = Math.sqrt(half * half + 1);
  let bulge = diagonal[high]! - diagonal[low]! + beside[low]! / (half + (half < 0 ? -root : root));
  let sine = 1;
  let cosine = 1;
  let carried = 0;
  for (let i = high - 1; i >= low; i--) {
    const off = sine * beside[i]!;
    const along = cosine * beside[i]!;
    const length = Math.sqrt(off * off + bulge * bulge);
    beside[i + 1] = length;
    if (length === 0) {
      diagonal[i + 1]! -= carried; // the block fell apart early: the next sweep sees two
      beside[high] = 0;
      return;
    }
    sine = off / length;
    cosine = bulge / length;
    const shifted = diagonal[i + 1]! - carried;
    const mixed = (diagonal[i]! - shifted) * sine + 2 * cosine * along;
    carried = sine * mixed;
    diagonal[i + 1] = shifted + carried;
    bulge = cosine * mixed - along;
    rotateRows(basis, i * size, (i + 1) * size, size, cosine, sine);
  }
  diagonal[low]! -= carried;
  beside[low] = bulge;
  beside[high] = 0;
}

/** Turns the two rows that start at `a` and `b` in their plane. */
function rotateRows(m: Float64Array, a: number, b: number, size: number, cosine: number, sine: number): void {
  for (let k = 0; k < size; k++) {
    const one = m[a + k]!;
    const two = m[b + k]!;
    m[b + k] = sine * one + cosine * two;
    m[a + k] = cosine * one - sine * two;
  }
}
