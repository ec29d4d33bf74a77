import type { ChangeLog } from '../catalogue/catalogue.js';
import type { Log } from '../core/log.js';

/** Something small in the catalogue that this process keeps in memory: asking for it costs a request nothing. */
export interface Followed<T> {
  /** As it was read last; the first time it is waited for. */
  now(): Promise<T>;
  /** Resolves once this process follows what is committed by now. */
  refresh(): Promise<void>;
  close(): void;
}

/** Commits that come thick and fast are read together; well within the second in which every process must follow. */
const REFRESH_MS = 200;

export interface FollowedPorts<T> {
  /** For the log: what it is that could not be read. */
  readonly what: string;
  readonly read: () => Promise<T>;
  readonly watch: ChangeLog['watch'];
  readonly log: Log;
}

/** Reads it when it is first asked for, and anew after any commit by any process. */
export function followed<T>({ what, read, watch, log }: FollowedPorts<T>): Followed<T> {
  let held: { readonly value: T } | undefined;
  let soon: NodeJS.Timeout | undefined;
  let reading: Promise<void> = Promise.resolve();
  let closed = false;

  /** One reading after another, so that an older one never replaces a newer one. */
  const refresh = (): Promise<void> => {
    reading = reading
      .catch(() => undefined)
      .then(async () => {
        held = { value: await read() };
      });
    return reading;
  };
  const refreshSoon = (): void => {
    if (soon || closed) return;
    soon = setTimeout(() => {
      soon = undefined;
      refresh().catch((cause: unknown) => {
        log.error({ err: cause }, `Reading the ${what} failed`);
        refreshSoon();
      });
    }, REFRESH_MS).unref();
  };
  const unwatch = watch(refreshSoon);
  return {
    async now() {
      if (!held) await refresh();
      return (held as { readonly value: T }).value;
    },
    refresh,
    close() {
      closed = true;
      unwatch();
      clearTimeout(soon);
    },
  };
}
