import type { Worker } from 'node:worker_threads';
import { AppError } from '../errors.js';
import { catalogueError } from './catalogue-error.js';
import { errorFromWire } from './error-wire.js';
import type { WriteOutcome } from './group-commit.js';
import type { FromWriter, ToWriter } from './sqlite-writer-thread.js';
import type { WriteAnswer, WriteArgs, WriteName, Writer } from './writer.js';

interface Pending {
  resolve(value: unknown): void;
  reject(error: unknown): void;
}

const stopped = (why: string): AppError => new AppError('CATALOGUE_UNAVAILABLE', { why });

/**
 * The calling side of the writing thread. Where the thread dies, what waited is rejected (it may or may not be on
 * disk), and the thread is started once more; where it dies again, every write throws CATALOGUE_UNAVAILABLE.
 */
export class SqliteWriter implements Writer {
  readonly #start: () => Worker;
  readonly #now: () => number;
  readonly #committed: () => void;
  readonly #pending = new Map<number, Pending>();
  #worker: Worker | undefined;
  #restarts = 1;
  #closing = false;
  #nextId = 0;
  #whyStopped = 'its writer is not running.';

  /** `committed` is called after each group that is on disk. */
  private constructor(start: () => Worker, now: () => number, committed: () => void) {
    this.#start = start;
    this.#now = now;
    this.#committed = committed;
  }

  /** Resolves once the file is open and its schema is this program's. Throws what opening throws. */
  static async open(start: () => Worker, now: () => number, committed: () => void): Promise<SqliteWriter> {
    const writer = new SqliteWriter(start, now, committed);
    await writer.#launch();
    return writer;
  }

  #launch(): Promise<void> {
    return new Promise((resolve, reject) => {
      const worker = this.#start();
      this.#worker = worker;
      let ready = false;
      worker.on('message', (message: FromWriter) => {
        if ('outcomes' in message) this.#settle(worker, message.outcomes);
        else if ('failed' in message) reject(errorFromWire(message.failed));
        else if ('ready' in message) {
          ready = true;
          if (this.#pending.size === 0) worker.unref();
          resolve();
        }
      });
      worker.on('error', (cause) => {
        this.#whyStopped = `its writer stopped: ${cause.message}`;
        reject(catalogueError(cause));
      });
      worker.on('exit', (code) => {
        reject(stopped('its writer could not start.'));
        this.#lost(worker, ready, code);
      });
    });
  }

  #settle(worker: Worker, outcomes: readonly WriteOutcome[]): void {
    for (const outcome of outcomes) {
      const pending = this.#pending.get(outcome.id);
      this.#pending.delete(outcome.id);
      if ('error' in outcome) pending?.reject(errorFromWire(outcome.error));
      else pending?.resolve(outcome.value);
    }
    if (this.#pending.size === 0) worker.unref();
    this.#committed();
  }

  #lost(worker: Worker, wasReady: boolean, exitCode: number): void {
    if (this.#worker !== worker) return;
    this.#worker = undefined;
    if (!this.#closing && exitCode !== 0) this.#whyStopped = `its writer stopped with exit code ${exitCode}.`;
    for (const pending of this.#pending.values()) pending.reject(stopped(this.#whyStopped));
    this.#pending.clear();
    if (this.#closing || !wasReady || this.#restarts === 0) return;
    this.#restarts--;
    // Messages sent before it is ready wait in its port. A start that fails leaves the writer stopped.
    this.#launch().catch((cause: unknown) => {
      this.#whyStopped = `its writer stopped and could not start again: ${String(cause)}`;
    });
  }

  run<N extends WriteName>(name: N, args: WriteArgs<N>): Promise<WriteAnswer<N>> {
    return new Promise((resolve, reject) => {
      const worker = this.#worker;
      if (!worker || this.#closing) return reject(stopped(this.#closing ? 'it was closed.' : this.#whyStopped));
      const id = this.#nextId++;
      const message: ToWriter = { write: { id, name, args, now: this.#now() } };
      worker.postMessage(message);
      worker.ref();
      // The table of writes says which answer belongs to which name; the thread keeps to it.
      this.#pending.set(id, { resolve: (value) => resolve(value as WriteAnswer<N>), reject });
    });
  }

  /** Lets waiting writes finish, then closes the file. */
  async close(): Promise<void> {
    const worker = this.#worker;
    if (this.#closing || !worker) return;
    this.#closing = true;
    const ended = new Promise<void>((resolve) => worker.once('exit', () => resolve()));
    const message: ToWriter = { close: true };
    worker.ref();
    worker.postMessage(message);
    await ended;
  }
}
