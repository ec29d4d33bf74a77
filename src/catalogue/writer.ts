import type { WRITES } from './writes.js';

export type WriteName = keyof typeof WRITES;
export type WriteArgs<N extends WriteName> = Parameters<(typeof WRITES)[N]>[1];
export type WriteAnswer<N extends WriteName> = Awaited<ReturnType<(typeof WRITES)[N]>>;

/** Whoever carries out writes: a thread with SQLite's only writing connection, or transactions on Postgres. */
export interface Writer {
  /** On disk before it resolves. Throws what the write throws, DISK_FULL or CATALOGUE_UNAVAILABLE. */
  run<N extends WriteName>(name: N, args: WriteArgs<N>): Promise<WriteAnswer<N>>;
  close(): Promise<void>;
}
