import type { Histories, History } from './histories.js';
import { type Given, pause, type Ranker, type Source, sharing } from './source.js';
import { SOURCES, type SourceName } from './sources/index.js';

/** The sources that could be fitted, by name, in the order of SOURCES. */
export type Fitted = ReadonlyMap<SourceName, Ranker>;

/** Whether a source is never blended; facts about items are no sources. */
export const isJudgedOnly = (name: string): boolean => {
  const source: Source | undefined = SOURCES[name as SourceName];
  return source?.judgedOnly === true;
};

/** Fits every source that can be; those that are only judged where `judging` says so. Throws CANCELLED. */
export async function fitSources(histories: Histories, given: Given): Promise<Fitted> {
  const shared = sharing();
  const fitted = new Map<SourceName, Ranker>();
  for (const [name, source] of Object.entries(SOURCES)) {
    if (isJudgedOnly(name) && !given.judging) continue;
    await pause(given.signal);
    const ranker = await source.fit(histories, { ...given, shared });
    if (ranker) fitted.set(name as SourceName, remembering(ranker, histories.items)); // Object.entries forgets the keys' type.
  }
  return fitted;
}

/** Keeps its last scores: a plain sum, a blend and the source itself are often asked about the same history. */
export function remembering(ranker: Ranker, items: number): Ranker {
  const kept = new Float32Array(items);
  let of: History | undefined;
  return {
    score(history, into) {
      if (history !== of) ranker.score(history, kept);
      of = history;
      into.set(kept);
    },
    prepare: ranker.prepare,
    parts: ranker.parts,
  };
}
