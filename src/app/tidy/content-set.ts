/** 52 bits of a SHA-256: as much as a number holds. Two pictures that share them are both in, or both out. */
const DIGITS = 13;

/** Millions of contents in eight bytes each: add them all, then ask. It may hold one it was not given, never lack one it was. */
export class ContentSet {
  #numbers = new Float64Array(1024);
  #count = 0;
  #sorted = true;

  add(content: string): void {
    if (this.#count === this.#numbers.length) {
      const wider = new Float64Array(this.#count * 2);
      wider.set(this.#numbers);
      this.#numbers = wider;
    }
    this.#numbers[this.#count++] = numberOf(content);
    this.#sorted = false;
  }

  has(content: string): boolean {
    if (!this.#sorted) this.#numbers.subarray(0, this.#count).sort();
    this.#sorted = true;
    const wanted = numberOf(content);
    let [low, high] = [0, this.#count];
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (this.#numbers[middle]! < wanted) low = middle + 1;
      else high = middle;
    }
    return low < this.#count && this.#numbers[low] === wanted;
  }
}

const numberOf = (content: string): number => Number.parseInt(content.slice(0, DIGITS), 16);
