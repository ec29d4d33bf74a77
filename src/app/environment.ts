import type { Config } from '../config.js';
import type { Log } from '../core/log.js';

/** What the composition root is handed from outside: settings, time, names, the log. */
export interface Environment {
  readonly config: Config;
  /** Epoch milliseconds. */
  readonly now: () => number;
  /** A name nobody has used. */
  readonly newId: () => string;
  readonly log: Log;
  readonly version: string;
  readonly cores: number;
}
