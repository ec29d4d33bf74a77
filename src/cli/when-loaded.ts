import type { Serving } from '../app/serving.js';
import { AppError } from '../errors.js';
import type { LiveIndex } from '../indexing/live-index.js';
import type { World } from './world.js';

const PATIENCE_MS = 60_000;

/** The live index of a collection, once it is loaded; a command waits longer for that than a request. */
export async function whenLoaded(world: World, { live }: Serving, collection: string): Promise<LiveIndex> {
  try {
    return await live.get(collection);
  } catch (cause) {
    if (!(cause instanceof AppError && cause.code === 'NOT_READY')) throw cause;
  }
  const until = world.now() + PATIENCE_MS;
  while (live.pending() !== null && world.now() < until) await new Promise((go) => setTimeout(go, 50));
  return live.get(collection);
}
