import { AppError } from '../errors.js';

/** Lets so many in at once, keeps so many waiting, and turns the rest away before they have cost anything. */
export class Gate {
  readonly #bounds: { readonly atOnce: number; readonly waiting: number };
  readonly #waiting: (() => void)[] = [];
  #inside = 0;

  constructor(bounds: { readonly atOnce: number; readonly waiting: number }) {
    this.#bounds = bounds;
  }

  get inside(): number {
    return this.#inside;
  }

  /**
   * Runs the work when there is room. Throws OVERLOADED at once where too many wait already, unless whoever asks is
   * patient: a stream that holds back its client by waiting.
   */
  async through<T>(work: () => Promise<T>, { patient = false }: { readonly patient?: boolean } = {}): Promise<T> {
    if (this.#inside < this.#bounds.atOnce) this.#inside += 1;
    else {
      if (!patient && this.#waiting.length >= this.#bounds.waiting) throw new AppError('OVERLOADED', {});
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
