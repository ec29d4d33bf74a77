import type { Histories } from './histories.js';
import { type FitOptions, pause, type Ranker, sharing } from './source.js';
import { SOURCES, type SourceName } from './sources/index.js';

/** The sources that could be fitted, by name, in the order of SOURCES. */
export type Fitted = ReadonlyMap<SourceName, Ranker>;

/** Fits every source that can be. Throws CANCELLED. */
export async function fitSources(histories: Histories, options: Omit<FitOptions, 'shared'>): Promise<Fitted> {
  const shared = sharing();
  const fitted = new Map<SourceName, Ranker>();
  for (const [name, source] of Object.entries(SOURCES)) {
    await pause(options.signal);
    const ranker = await source.fit(histories, { ...options, shared });
    if (ranker) fitted.set(name as SourceName, ranker); // Object.entries forgets the keys' type.
  }
  return fitted;
}
