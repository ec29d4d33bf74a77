import cluster, { type Worker } from 'node:cluster';
import { fileURLToPath } from 'node:url';
import { AggregatorRegistry } from 'prom-client';
import { besideModule, sourceLoader } from '../core/start-process.js';
import type { World } from './world.js';

/** Several processes that listen on one port. */
export interface ServerProcesses {
  readonly port: number;
  close(): Promise<void>;
}

interface FromWorker {
  readonly type: 'listening-on' | 'metrics' | 'failed';
  readonly port?: number;
  readonly message?: string;
}

/** Starts as many workers as asked for; one that dies is replaced. Rejects where the first can't start. */
export async function startServerProcesses(world: World, count: number): Promise<ServerProcesses> {
  const entry = besideModule(import.meta.url, './serve-worker');
  cluster.setupPrimary({ exec: fileURLToPath(entry), execArgv: sourceLoader(entry), args: [] });
  const gathered = new AggregatorRegistry<'text/plain; version=0.0.4; charset=utf-8'>();
  let closing = false;

  const start = (): Promise<number> =>
    new Promise((resolve, reject) => {
      const { KINDRED_HOST, KINDRED_PORT, KINDRED_DATA, KINDRED_MODELS } = world.config;
      const worker = cluster.fork({ KINDRED_HOST, KINDRED_PORT: String(KINDRED_PORT), KINDRED_DATA, KINDRED_MODELS });
      worker.on('message', (message: FromWorker) => {
        if (message.type === 'listening-on') resolve(message.port ?? 0);
        if (message.type === 'failed') reject(new Error(message.message));
        if (message.type === 'metrics') void answerMetrics(worker, gathered);
      });
      worker.on('exit', (code, signal) => {
        reject(new Error(`A server process ended before it listened (${signal ?? code}).`));
        if (closing) return;
        world.log.error({ code, signal }, 'a server process died and is replaced');
        setTimeout(() => void start().catch(() => undefined), 500);
      });
    });

  const ports = await Promise.all(Array.from({ length: count }, start));
  return {
    port: ports[0]!,
    close: () =>
      new Promise((resolve) => {
        closing = true;
        const workers = Object.values(cluster.workers ?? {}).filter((worker) => worker !== undefined);
        let left = workers.length;
        if (left === 0) resolve();
        for (const worker of workers) {
          worker.once('exit', () => --left === 0 && resolve());
          worker.send({ type: 'close' });
        }
      }),
  };
}

/** One text for all processes; a worker that asks gets it back. */
async function answerMetrics(
  worker: Worker,
  gathered: AggregatorRegistry<'text/plain; version=0.0.4; charset=utf-8'>,
): Promise<void> {
  const text = await gathered.clusterMetrics().catch(() => '');
  if (worker.isConnected()) worker.send({ type: 'metrics-text', text });
}
