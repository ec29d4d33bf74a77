import { type KindredServer, startKindred } from '../../bench/kindred-server.js';
import { BUILT_ENTRY } from '../build-program.js';

export type { KindredServer };

/** A real server in a process of its own, started as a user would start it. */
export const startServer = (options: Omit<Parameters<typeof startKindred>[0], 'entry'>): Promise<KindredServer> =>
  startKindred({ ...options, entry: BUILT_ENTRY });
