import { isMainThread, type MessagePort, parentPort, workerData } from 'node:worker_threads';
import { Random } from '../core/random.js';
import { Batches } from './batches.js';
import type { OpenedSamples } from './samples.js';

/** What the thread is started with. */
export interface ViewsThreadData {
  readonly kindredViews: {
    readonly module: string;
    readonly name: string;
    readonly options: unknown;
    readonly seed: number;
    readonly size: number;
    readonly viewsPerSample: number;
  };
}

export type ToViewsThread = { readonly step: number; readonly batch: Float32Array<ArrayBuffer> };
export type FromViewsThread = ToViewsThread | { readonly failed: string };

/** The body of a thread that makes views: it fills the memory it is handed, and hands it back. */
export function viewsThread(port: MessagePort, { kindredViews }: ViewsThreadData): void {
  const { module, name, options, seed, size, viewsPerSample } = kindredViews;
  const opened = open(module, name, options).then(
    ({ samples, views }) => new Batches(samples, views, size, viewsPerSample, new Random(seed)),
  );
  port.on('message', async ({ step, batch }: ToViewsThread) => {
    try {
      (await opened).write(step, batch);
      const answer: FromViewsThread = { step, batch };
      port.postMessage(answer, [batch.buffer]);
    } catch (cause) {
      const answer: FromViewsThread = { failed: cause instanceof Error ? cause.message : String(cause) };
      port.postMessage(answer);
    }
  });
  opened.catch(() => {}); // told with the first batch
}

async function open(module: string, name: string, options: unknown): Promise<OpenedSamples> {
  const exported = (await import(module)) as Record<string, (options: unknown) => OpenedSamples>;
  return exported[name]!(options);
}

if (!isMainThread && workerData !== null && 'kindredViews' in (workerData as object))
  viewsThread(parentPort!, workerData as ViewsThreadData);
