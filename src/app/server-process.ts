import { BlockList, isIP } from 'node:net';
import { createApi } from '../api/create-api.js';
import { createServer } from '../api/create-server.js';
import type { Metrics } from '../api/metrics.js';
import { AppError } from '../errors.js';
import type { Environment } from './environment.js';
import { apiDeps, openServing, type Serving } from './serving.js';
import { openStores, type Stores } from './stores.js';

/** One process that answers requests. */
export interface ServerProcess {
  readonly port: number;
  readonly stores: Stores;
  readonly serving: Serving;
  /** Lets requests in work finish, then closes everything. */
  close(): Promise<void>;
}

const LOOPBACK = new BlockList();
LOOPBACK.addSubnet('127.0.0.0', 8, 'ipv4');
LOOPBACK.addAddress('::1', 'ipv6');

/** Whether an address to listen on is this machine alone. */
export function isLoopback(host: string): boolean {
  const family = isIP(host);
  return family === 0 ? host === 'localhost' : LOOPBACK.check(host, family === 6 ? 'ipv6' : 'ipv4');
}

/** Without any key everything is open, so only this machine may reach it. Throws SETTINGS_INVALID. */
export async function refuseOpenServer(
  { config }: Environment,
  { catalogue }: Pick<Stores, 'catalogue'>,
): Promise<void> {
  if (isLoopback(config.KINDRED_HOST) || config.KINDRED_ADMIN_KEY !== undefined || (await catalogue.keys.any())) return;
  throw new AppError('SETTINGS_INVALID', {
    why: `✖ ${config.KINDRED_HOST} can be reached from elsewhere, and no key is configured. Set KINDRED_ADMIN_KEY (or make a key with \`kindred keys create\`), or serve on 127.0.0.1.`,
  });
}

/** Opens everything and listens. Throws SETTINGS_INVALID, CATALOGUE_UNAVAILABLE, PORT_TAKEN. */
export async function startServerProcess(
  environment: Environment,
  options: { metrics?: Metrics; pageFolder?: string | null } = {},
): Promise<ServerProcess> {
  const { KINDRED_HOST: host, KINDRED_PORT: wanted } = environment.config;
  const stores = await openStores(environment);
  try {
    await refuseOpenServer(environment, stores);
    const serving = openServing(environment, stores);
    const deps = apiDeps(environment, stores, serving, options);
    const server = createServer((closing) => createApi(deps, { closing }));
    const port = await server.listen(wanted, host).catch(async (cause: NodeJS.ErrnoException) => {
      await serving.close();
      if (cause.code === 'EADDRINUSE') throw new AppError('PORT_TAKEN', { port: wanted }, { cause });
      throw cause;
    });
    return {
      port,
      stores,
      serving,
      async close() {
        await server.close();
        await serving.close();
        await stores.close();
      },
    };
  } catch (cause) {
    await stores.close();
    throw cause;
  }
}
