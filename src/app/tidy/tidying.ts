import type { Stores } from '../stores.js';

/** What a tidying took away, or (dry) would take away. */
export interface TidyReport {
  /** Releases that one can no longer go back to. */
  releases: number;
  /** Index folders. */
  indexes: number;
  /** Folders of behaviour models. */
  behaviours: number;
  /** Rows by models that nothing names any more. */
  embeddings: number;
  /** Events that happened longer ago than KINDRED_EVENT_RETENTION_DAYS. */
  events: number;
  /** Originals: put into the trash, taken out of it again, deleted for good. */
  pictures: { trashed: number; restored: number; deleted: number };
  /** Jobs that ended long ago. */
  jobs: number;
  /** Lines of the logs of changes that every kept index contains. */
  compacted: number;
  /** Files of prepared pixels that no training has used for long. */
  preparedPixels: number;
  /** Checkpoints of runs that nobody has gone on with. */
  checkpoints: number;
  /** Bytes of files. (Rows leave room inside the database, which it uses again.) */
  freedBytes: number;
  /** Parts that failed; the log says why. */
  failed: string[];
}

/** What every step of one tidying shares. */
export interface Tidying {
  readonly stores: Pick<Stores, 'catalogue' | 'blobs' | 'embedders' | 'indexesFolder' | 'behaviourFolder'>;
  /** When it began, in epoch milliseconds: ages are counted from here. */
  readonly startedAt: number;
  /** Looks and counts, and takes nothing away. */
  readonly dryRun: boolean;
  readonly report: TidyReport;
  /** Ids of the releases that are gone, or would be. */
  readonly goneReleases: Set<string>;
  /** A turn for everybody else. Throws CANCELLED. */
  pause(): Promise<void>;
}

export const HOUR_MS = 3_600_000;
export const DAY_MS = 24 * HOUR_MS;

export function emptyReport(): TidyReport {
  return {
    releases: 0,
    indexes: 0,
    behaviours: 0,
    embeddings: 0,
    events: 0,
    pictures: { trashed: 0, restored: 0, deleted: 0 },
    jobs: 0,
    compacted: 0,
    preparedPixels: 0,
    checkpoints: 0,
    freedBytes: 0,
    failed: [],
  };
}
