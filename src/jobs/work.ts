import type { Json } from '../catalogue/catalogue.js';
import type { Progress } from '../core/progress.js';

/** What the code of a job is handed: its input, a way to say how far it is, and a way to hear that it must stop. */
export interface Work {
  readonly jobId: string;
  readonly attempt: number;
  readonly collection: string;
  readonly input: Json;
  readonly progress: Progress;
  /** Aborted by a cancel, a lost claim, or the parent's end. */
  readonly signal: AbortSignal;
  /** Throws CLAIM_LOST or CANCELLED where this attempt may no longer publish: call it right before each switch. */
  holdsClaim(): Promise<void>;
}

/** One kind of job: what it is called and what it does, run in a child process. Its answer becomes the job's result. */
export type JobHandler = (work: Work) => Promise<Json>;
