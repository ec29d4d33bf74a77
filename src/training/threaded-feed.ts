import type { Worker } from 'node:worker_threads';
import { besideModule, startWorker } from '../core/start-process.js';
import { AppError } from '../errors.js';
import type { BatchFeed } from './batch-feed.js';
import type { Portable } from './samples.js';
import type { FromViewsThread, ToViewsThread, ViewsThreadData } from './views-thread.js';

/** What the threads must know to make the batches that `Batches` would make here. */
export interface ThreadedFeedOptions {
  readonly portable: Portable;
  /** At least 1. */
  readonly threads: number;
  /** Of the run. */
  readonly seed: number;
  /** Samples a batch. */
  readonly size: number;
  readonly viewsPerSample: number;
  /** Length of a batch, as `Batches` says it. */
  readonly length: number;
}

interface Waiting {
  readonly batch: Promise<Float32Array<ArrayBuffer>>;
  arrived(batch: Float32Array<ArrayBuffer>): void;
  failed(cause: Error): void;
}

/**
 * Views are made beside the step: while one batch is in use, each thread makes one of the next. A batch is a function of
 * seed and step, so how many threads there are changes nothing but the time. Memory is handed over, never copied (ONNX
 * Runtime takes no shared memory): a buffer belongs to one thread at a time, and is used again.
 */
export class ThreadedFeed implements BatchFeed {
  readonly #workers: readonly Worker[];
  readonly #length: number;
  readonly #free: Float32Array<ArrayBuffer>[] = [];
  readonly #asked = new Map<number, Waiting>();
  #used: { readonly step: number; readonly views: Float32Array<ArrayBuffer> } | undefined;
  #failure: Error | undefined;

  /** The threads start at once and open their samples while whoever called goes on. */
  constructor({ portable, threads, length, ...rest }: ThreadedFeedOptions) {
    this.#length = length;
    const data: ViewsThreadData = {
      kindredViews: { module: portable.module.href, name: portable.name, options: portable.options, ...rest },
    };
    this.#workers = Array.from({ length: threads }, () => this.#start(data));
  }

  #start(workerData: ViewsThreadData): Worker {
    const worker = startWorker(besideModule(import.meta.url, './views-thread'), { workerData });
    worker.on('message', (message: FromViewsThread) => {
      if ('failed' in message) this.#fail(new AppError('VIEWS_FAILED', { why: message.failed }));
      else this.#arrive(message.step, message.batch);
    });
    worker.on('error', (cause) => this.#fail(new AppError('VIEWS_FAILED', { why: cause.message }, { cause })));
    worker.on('exit', (code) => this.#fail(new AppError('VIEWS_FAILED', { why: `it ended with code ${code}.` })));
    return worker;
  }

  async views(step: number): Promise<Float32Array> {
    if (this.#used?.step === step) return this.#used.views;
    if (this.#used) this.#free.push(this.#used.views);
    this.#used = undefined;
    const last = step + this.#workers.length;
    for (const asked of this.#asked.keys()) if (asked < step || asked > last) this.#asked.delete(asked);
    for (let next = step; next <= last; next++) this.#ask(next);
    const views = await this.#asked.get(step)!.batch;
    this.#asked.delete(step);
    this.#used = { step, views };
    return views;
  }

  #ask(step: number): void {
    if (this.#asked.has(step)) return;
    const waiting = waitingForOne();
    this.#asked.set(step, waiting);
    if (this.#failure) {
      waiting.failed(this.#failure);
      return;
    }
    const batch = this.#free.pop() ?? new Float32Array(this.#length);
    const request: ToViewsThread = { step, batch };
    this.#workers[step % this.#workers.length]!.postMessage(request, [batch.buffer]);
  }

  #arrive(step: number, batch: Float32Array<ArrayBuffer>): void {
    const waiting = this.#asked.get(step);
    if (waiting) waiting.arrived(batch);
    else this.#free.push(batch); // nobody wants that step any more
  }

  /** Everybody who waits, and whoever will ask, is told. The first reason is the one that counts. */
  #fail(cause: Error): void {
    this.#failure ??= cause;
    for (const waiting of this.#asked.values()) waiting.failed(this.#failure);
  }

  async close(): Promise<void> {
    this.#fail(new AppError('CANCELLED', { what: 'Making views' }));
    await Promise.all(this.#workers.map((worker) => worker.terminate()));
  }
}

function waitingForOne(): Waiting {
  let settle: Omit<Waiting, 'batch'> | undefined;
  const batch = new Promise<Float32Array<ArrayBuffer>>((arrived, failed) => {
    settle = { arrived, failed };
  });
  batch.catch(() => {}); // a failure may come before anybody waits
  return { batch, ...settle! };
}
