import type { Watched } from '../app/index-line.js';
import { AppError } from '../errors.js';
import type { Terminal } from './terminal.js';
import type { World } from './world.js';

/** A command's own work: its bars, and Ctrl-C. */
export function watchedBy(world: World, terminal: Terminal): Watched {
  return {
    progress: terminal.progress,
    signal: world.signal,
    async holdsClaim() {
      if (world.signal.aborted) throw new AppError('CANCELLED', { what: 'The command' });
    },
  };
}
