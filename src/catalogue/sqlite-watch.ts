import type { Database as RawDatabase } from 'better-sqlite3';

const POLL_MS = 60;

export interface Watch {
  watch(changed: () => void): () => void;
  /** As `ChangeLog.version`. */
  version(): number | undefined;
  /** Something was committed here: no need to wait for the next look. */
  notify(): void;
  close(): Promise<void>;
}

/**
 * Looks at `PRAGMA data_version` (a few microseconds) while anybody watches: it changes with each commit by another
 * connection, in this process (the writing thread) or any other.
 */
export function sqliteWatch(reader: RawDatabase): Watch {
  const watchers = new Set<() => void>();
  const version = reader.prepare('pragma data_version').pluck();
  const now = (): number | undefined => {
    try {
      return reader.open ? (version.get() as number) : undefined;
    } catch {
      // The disk may be gone for a moment; the next look will tell.
      return undefined;
    }
  };
  let seen = now();
  let timer: NodeJS.Timeout | undefined;
  const look = (): void => {
    const found = now();
    if (found === undefined || found === seen) return;
    seen = found;
    for (const changed of [...watchers]) changed();
  };
  const stop = (): void => {
    clearInterval(timer);
    timer = undefined;
  };
  return {
    watch(changed) {
      // An own function, so that the same callback may watch twice.
      const watcher = () => changed();
      watchers.add(watcher);
      timer ??= setInterval(look, POLL_MS).unref();
      return () => {
        watchers.delete(watcher);
        if (watchers.size === 0) stop();
      };
    },
    version: now,
    notify: look,
    async close() {
      watchers.clear();
      stop();
    },
  };
}
