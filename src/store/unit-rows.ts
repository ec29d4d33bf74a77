import { clampSimilarity, isFiniteVector, unit, type Vector } from '../core/vectors.js';
import { AppError } from '../errors.js';

/** Throws VECTOR_INVALID where a vector has another length or numbers that are not finite. */
export function checkVector(vector: ArrayLike<number>, dimension: number): void {
  if (vector.length !== dimension)
    throw new AppError('VECTOR_INVALID', { why: `Expected ${dimension} numbers, received ${vector.length}.` });
  if (!isFiniteVector(vector)) throw new AppError('VECTOR_INVALID', { why: 'A number of the vector is not finite.' });
}

/** The unit vector of a checked one. Numbers near the end of float32's range keep their direction. */
export function checkedUnit(vector: Vector, dimension: number): Vector {
  checkVector(vector, dimension);
  return unit(vector);
}

/**
 * Unit vectors in one block of memory, row by row, and which item each row belongs to. A row's number is the label that
 * the graph knows it by; a row of an item that has gone has no id, and its number is never given out again.
 */
export class UnitRows {
  readonly dimension: number;
  #block: Vector;
  readonly #ids: (string | undefined)[] = [];
  readonly #rowOf = new Map<string, number>();

  /** `block` may hold vectors already: `name` then says, row by row, whose they are. */
  constructor(dimension: number, block: Vector = new Float32Array(dimension * 64)) {
    if (!Number.isInteger(dimension) || dimension < 1) throw new RangeError(`A dimension of ${dimension} is none.`);
    this.dimension = dimension;
    this.#block = block;
  }

  /** Items that are there. */
  get live(): number {
    return this.#rowOf.size;
  }

  /** Rows given out, also those of items that have gone. */
  get rows(): number {
    return this.#ids.length;
  }

  /** All rows behind each other; longer than `rows * dimension`. A later `add` may replace it. */
  get block(): Vector {
    return this.#block;
  }

  id(row: number): string | undefined {
    return this.#ids[row];
  }

  row(itemId: string): number | undefined {
    return this.#rowOf.get(itemId);
  }

  itemIds(): IterableIterator<string> {
    return this.#rowOf.keys();
  }

  /** A view of one row: do not keep it. */
  view(row: number): Float32Array {
    return this.#block.subarray(row * this.dimension, (row + 1) * this.dimension);
  }

  /** Whether a row holds exactly these numbers. */
  equals(row: number, vector: Vector): boolean {
    const start = row * this.dimension;
    for (let i = 0; i < vector.length; i++) if (this.#block[start + i] !== vector[i]) return false;
    return true;
  }

  /** Says whose the next row is, where the block holds its vector already. */
  name(itemId: string): void {
    this.#rowOf.set(itemId, this.#ids.push(itemId) - 1);
  }

  /** Gives the item a row of its own; whoever calls has removed its old one. */
  add(itemId: string, unitVector: Vector): void {
    const row = this.#ids.length;
    if ((row + 1) * this.dimension > this.#block.length) {
      const larger = new Float32Array(Math.max(64 * this.dimension, this.#block.length * 2));
      larger.set(this.#block);
      this.#block = larger;
    }
    this.#block.set(unitVector, row * this.dimension);
    this.name(itemId);
  }

  /** The row that was the item's, or undefined. */
  remove(itemId: string): number | undefined {
    const row = this.#rowOf.get(itemId);
    if (row === undefined) return undefined;
    this.#rowOf.delete(itemId);
    this.#ids[row] = undefined;
    return row;
  }

  /** Dot product of a unit query and a row in float64, so that every path gives the same similarity to the last bit. */
  similarity(query: Vector, row: number): number {
    const block = this.#block;
    const length = this.dimension;
    const start = row * length;
    const whole = length - (length % 4);
    let a = 0;
    let b = 0;
    let c = 0;
    let d = 0;
    for (let i = 0; i < whole; i += 4) {
      const at = start + i;
      a += query[i]! * block[at]!;
      b += query[i + 1]! * block[at + 1]!;
      c += query[i + 2]! * block[at + 2]!;
      d += query[i + 3]! * block[at + 3]!;
    }
    for (let i = whole; i < length; i++) a += query[i]! * block[start + i]!;
    return clampSimilarity(a + b + (c + d));
  }

  /** The same rows without those of items that have gone, in the same order. */
  compacted(): UnitRows {
    const copy = new UnitRows(this.dimension, new Float32Array(Math.max(64, this.live) * this.dimension));
    for (let row = 0; row < this.rows; row++) {
      const itemId = this.#ids[row];
      if (itemId !== undefined) copy.add(itemId, this.view(row));
    }
    return copy;
  }
}
