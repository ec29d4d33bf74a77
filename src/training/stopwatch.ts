/** What the time of a run goes to: the compiled step, waiting for its views, saving, and looking at the probe. */
export const PARTS = ['step', 'views', 'save', 'judge'] as const;
export type Part = (typeof PARTS)[number];
/** Seconds by part. */
export type Spent = Readonly<Record<Part, number>>;

export const NOTHING_SPENT: Spent = { step: 0, views: 0, save: 0, judge: 0 };

/** Adds up where the time goes. */
export class Stopwatch {
  readonly #now: () => number;
  readonly #spent: Record<Part, number>;
  #mark: { at: number; spent: Spent };

  /**
   * @param now milliseconds
   * @param before what earlier processes of the run spent
   */
  constructor(now: () => number, before: Spent) {
    this.#now = now;
    this.#spent = { ...before };
    this.#mark = { at: now(), spent: before };
  }

  get spent(): Spent {
    return { ...this.#spent };
  }

  /** Does something, and counts its time as that part's. */
  async time<T>(part: Part, work: () => T | Promise<T>): Promise<T> {
    const from = this.#now();
    try {
      return await work();
    } finally {
      this.#spent[part] += (this.#now() - from) / 1000;
    }
  }

  /** Each part's share of the time since the last call (or the start), as a point of the curve keeps it. */
  shares(): Record<`${Part}Share`, number> {
    const at = this.#now();
    const seconds = Math.max(1e-9, (at - this.#mark.at) / 1000);
    const share = (part: Part): number => (this.#spent[part] - this.#mark.spent[part]) / seconds;
    const found = Object.fromEntries(PARTS.map((part) => [`${part}Share`, share(part)]));
    this.#mark = { at, spent: this.spent };
    return found as Record<`${Part}Share`, number>;
  }
}
