import { AppError } from '../errors.js';

/** Lets so many in at once, keeps so many waiting, and turns the rest away before they have cost anything. */
export class Gate {
  readonly #atOnce: number;
  readonly #waitingMost: number;
  readonly #waiting: (() => void)[] = [];
  #inside = 0;

  constructor(atOnce: number, waitingMost: number) {
    this.#atOnce = atOnce;
    this.#waitingMost = waitingMost;
  }

  get inside(): number {
    return this.#inside;
  }

  /** Runs the work when there is room. Throws OVERLOADED at once where too many wait already. */
  async through<T>(work: () => Promise<T>): Promise<T> {
    if (this.#inside < this.#atOnce) this.#inside += 1;
    else {
      if (this.#waiting.length >= this.#waitingMost) throw new AppError('OVERLOADED', {});
      // Whoever leaves hands the place on, so nobody can slip in between.
      await new Promise<void>((enter) => this.#waiting.push(enter));
    }
    try {
      return await work();
    } finally {
      const next = this.#waiting.shift();
      if (next) next();
      else this.#inside -= 1;
    }
  }
}
