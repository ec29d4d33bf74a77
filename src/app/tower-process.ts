import type { Config } from '../config.js';
import type { ProgressReport } from '../core/progress.js';
import { ORPHAN_EXIT } from '../core/start-process.js';
import { AppError, type ErrorCode, type ErrorDetails } from '../errors.js';
import type { Histories } from '../recommend/behaviour/histories.js';
import type { Given } from '../recommend/behaviour/source.js';
import type { Tower } from '../recommend/behaviour/tower.js';
import { createLearnTower } from './learn-tower.js';

/** What the process is told once: everything that a tower follows from. */
export interface ToTowerProcess {
  readonly config: Pick<Config, 'KINDRED_ENGINE' | 'KINDRED_DEVICE'>;
  readonly histories: Histories;
  readonly given: Pick<Given, 'embeddings' | 'attributes'>;
}

/** What it says: how far it is, and once how it ended. */
export type FromTowerProcess =
  | { readonly type: 'progress'; readonly report: ProgressReport }
  | { readonly type: 'done'; readonly tower: Tower }
  | { readonly type: 'failed'; readonly code: ErrorCode; readonly details: ErrorDetails<ErrorCode> }
  | { readonly type: 'broken'; readonly why: string };

/** A report for so many steps: each is a message. */
const REPORT_EVERY = 20;

const tell = (message: FromTowerProcess): Promise<void> =>
  new Promise((resolve) => process.send?.(message, undefined, undefined, () => resolve()));

async function learn({ config, histories, given }: ToTowerProcess): Promise<FromTowerProcess> {
  try {
    const progress = (report: ProgressReport): void => {
      if (report.done % REPORT_EVERY === 0) void tell({ type: 'progress', report });
    };
    return { type: 'done', tower: await createLearnTower({ config })(histories, { ...given, progress }) };
  } catch (cause) {
    if (cause instanceof AppError)
      return { type: 'failed', code: cause.code, details: cause.details as ErrorDetails<ErrorCode> };
    return { type: 'broken', why: cause instanceof Error ? cause.message : String(cause) };
  }
}

/** The whole life of a process that learns one tower: it has nothing to save, so whoever wants it to stop kills it. */
process.on('message', async (told: ToTowerProcess) => {
  await tell(await learn(told));
  process.exit(0);
});
process.on('disconnect', () => process.exit(ORPHAN_EXIT));
// Ctrl-C reaches the whole group; the parent decides what becomes of this one.
process.on('SIGINT', () => undefined);
process.on('SIGTERM', () => undefined);
