/** The parts of a problem document that the page shows. */
export interface ProblemDocument {
  readonly status?: number;
  readonly code?: string;
  readonly title?: string;
  readonly detail?: string;
  readonly remedy?: string;
}

/** What the server said was wrong, with its remedy; or that it said nothing (status 0). */
export class Problem extends Error {
  readonly status: number;
  readonly code: string;
  readonly remedy: string | undefined;

  constructor({ status = 0, code = 'UNKNOWN', title, detail, remedy }: ProblemDocument) {
    super(detail ?? title ?? 'Something went wrong.');
    this.status = status;
    this.code = code;
    this.remedy = remedy;
  }
}
