import { AppError } from '../errors.js';
import type { LiveIndex } from '../indexing/live-index.js';
import type { Environment } from './environment.js';
import type { Serving } from './serving.js';

const PATIENCE_MS = 60_000;

/** The live index of a collection, once it is loaded; a command or a job waits longer for that than a request. */
export async function whenLoaded(
  { now }: Pick<Environment, 'now'>,
  { live }: Pick<Serving, 'live'>,
  collection: string,
): Promise<LiveIndex> {
  try {
    return await live.get(collection);
  } catch (cause) {
    if (!(cause instanceof AppError && cause.code === 'NOT_READY')) throw cause;
  }
  const until = now() + PATIENCE_MS;
  while (live.pending() !== null && now() < until) await new Promise((go) => setTimeout(go, 50));
  return live.get(collection);
}
