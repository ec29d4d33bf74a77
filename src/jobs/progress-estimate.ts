import type { JobProgress } from '../catalogue/catalogue.js';
import type { ProgressReport } from '../core/progress.js';

/** Says how long a stage will still take, from the rate since it began. A new stage starts a new estimate. */
export class ProgressEstimate {
  readonly #now: () => number;
  #stage: string | undefined;
  #startedAt = 0;
  #startedWith = 0;

  /** `now` in epoch milliseconds. */
  constructor(now: () => number) {
    this.#now = now;
  }

  /** The report with `etaSeconds` where a rate and an end are known. */
  estimate(report: ProgressReport): JobProgress {
    const now = this.#now();
    if (report.stage !== this.#stage || report.done < this.#startedWith) {
      this.#stage = report.stage;
      this.#startedAt = now;
      this.#startedWith = report.done;
    }
    const done = report.done - this.#startedWith;
    const seconds = (now - this.#startedAt) / 1000;
    if (report.total === undefined || done <= 0 || seconds <= 0) return { ...report };
    return { ...report, etaSeconds: Math.max(0, Math.round(((report.total - report.done) * seconds) / done)) };
  }
}
