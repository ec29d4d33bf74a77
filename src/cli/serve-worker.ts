import { AggregatorRegistry } from 'prom-client';
import { createMetrics, type Metrics } from '../api/metrics.js';
import { startServerProcess } from '../app/server-process.js';
import { openWorld } from './world.js';

interface FromPrimary {
  readonly type: 'close' | 'metrics-text';
  readonly text?: string;
}

/** This process's figures; asked for the text, it gives that of all processes, gathered by the primary. */
function gatheredMetrics(): Metrics {
  const own = createMetrics();
  AggregatorRegistry.setRegistries(own.registry);
  void new AggregatorRegistry(); // its constructor listens for the primary's question
  return {
    ...own,
    text: () =>
      new Promise((resolve) => {
        const timer = setTimeout(() => void own.text().then(resolve), 2_000);
        const hear = (message: FromPrimary): void => {
          if (message.type !== 'metrics-text') return;
          clearTimeout(timer);
          process.off('message', hear);
          resolve(message.text ?? '');
        };
        process.on('message', hear);
        process.send?.({ type: 'metrics' });
      }),
  };
}

/** One of several processes that serve the same index on the same port. The primary starts and stops it. */
export async function serveWorker(): Promise<void> {
  // A terminal's Ctrl-C reaches every process of the group; the primary decides when this one closes.
  process.on('SIGINT', () => undefined);
  process.on('SIGTERM', () => undefined);
  process.on('disconnect', () => process.exit(0));
  try {
    const server = await startServerProcess(openWorld(), { metrics: gatheredMetrics() });
    process.on('message', (message: FromPrimary) => {
      if (message.type === 'close') void server.close().then(() => process.exit(0));
    });
    process.send?.({ type: 'listening-on', port: server.port });
  } catch (error) {
    process.send?.({ type: 'failed', message: error instanceof Error ? error.message : String(error) });
    process.exit(1);
  }
}

await serveWorker();
