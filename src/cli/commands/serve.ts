import { refuseOpenServer, startServerProcess } from '../../app/server-process.js';
import { openStores } from '../../app/stores.js';
import { startJobWorkers } from '../job-workers.js';
import { type Register, runs } from '../runs.js';
import { startServerProcesses } from '../serve-processes.js';
import type { Terminal } from '../terminal.js';
import type { World } from '../world.js';

/** An address as a person types it into a browser. */
const urlOf = (host: string, port: number): string =>
  `http://${host === '0.0.0.0' || host === '::' ? 'localhost' : host.includes(':') ? `[${host}]` : host}:${port}`;

export const aborted = (signal: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener('abort', () => resolve(), { once: true });
  });

export interface RunningServer {
  readonly url: string;
  close(): Promise<void>;
}

/** Starts the server as the settings say: one process, or several under this one; jobs run beside it. */
export async function startServer(world: World): Promise<RunningServer> {
  const { KINDRED_PROCESSES: count, KINDRED_HOST: host } = world.config;
  if (count === 1) {
    const server = await startServerProcess(world);
    const workers = startJobWorkers(world, server.stores);
    return {
      url: urlOf(host, server.port),
      async close() {
        await workers.close();
        await server.close();
      },
    };
  }
  const stores = await openStores(world);
  await refuseOpenServer(world, stores);
  const workers = startJobWorkers(world, stores);
  const servers = await startServerProcesses(world, count);
  return {
    url: urlOf(host, servers.port),
    async close() {
      await workers.close();
      await servers.close();
      await stores.close();
    },
  };
}

/** Says where the server is, and waits until it is told to stop. */
export async function serveUntilStopped(world: World, terminal: Terminal, server: RunningServer): Promise<void> {
  if (terminal.json) terminal.print(JSON.stringify({ url: server.url, port: Number(new URL(server.url).port || 80) }));
  else {
    terminal.say(`\nKindred is at ${server.url}`);
    terminal.say(`API docs at ${server.url}/docs · Ctrl-C stops\n`);
  }
  await aborted(world.signal);
  terminal.say('Stopping: requests in work are finished first (Ctrl-C again stops at once).');
  await server.close();
}

/** `kindred serve`: the API, the page, and the jobs. */
export const serve: Register = (program) => {
  program
    .command('serve')
    .description('Answer over HTTP: the API, its docs, and the page.')
    .option('--port <port>', 'port to listen on; 0 picks a free one')
    .option('--host <host>', 'address to listen on; any but loopback needs a key')
    .option('--data <folder>', 'folder of the catalogue and indexes (KINDRED_DATA)')
    .option('--models <folder>', 'folder of the models (KINDRED_MODELS)')
    .option('--json', 'print the address as JSON')
    .addHelpText('after', '\nExample:\n  $ kindred serve --port 8080\n  $ KINDRED_PROCESSES=2 kindred serve\n')
    .action(
      runs(async (world, terminal) => {
        await serveUntilStopped(world, terminal, await startServer(world));
        return 0;
      }),
    );
};
