/** How far long work has come. `total` is absent while it is unknown. */
export interface ProgressReport {
  readonly stage: string;
  readonly done: number;
  readonly total?: number;
  readonly unit: string;
  /** One line for people: the loss, pictures a second. */
  readonly note?: string;
}

/** Whoever does long work is handed one of these, and never knows whether a bar, a job row or nobody listens. */
export type Progress = (report: ProgressReport) => void;

/** For work that nobody watches. */
export const silent: Progress = () => {};
