import { type ChildProcess, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { sourceLoader } from '../src/core/start-process.js';

const ENTRY = new URL('../src/cli/main.ts', import.meta.url);

/** A real server in a process of its own, started as a user would start it. */
export interface KindredServer {
  readonly url: string;
  readonly process: ChildProcess;
  /** SIGKILL, at once. Its children end when they notice. */
  kill(): Promise<void>;
  /** SIGTERM, and wait. */
  stop(): Promise<void>;
}

const ended = (child: ChildProcess): Promise<void> =>
  new Promise((resolve) => {
    if (child.exitCode !== null || child.signalCode !== null) resolve();
    else child.once('exit', () => resolve());
  });

/** Starts `kindred serve` on a free port and waits until it is ready. Rejects with what it printed where it ends first. */
export async function startKindred(options: {
  readonly data: string;
  readonly environment?: Readonly<Record<string, string>>;
  /** The program: from source where it is absent. */
  readonly entry?: URL;
}): Promise<KindredServer> {
  const entry = options.entry ?? ENTRY;
  const child = spawn(
    process.execPath,
    [...sourceLoader(entry), fileURLToPath(entry), 'serve', '--port', '0', '--json', '--data', options.data],
    {
      env: { ...process.env, KINDRED_LOG_LEVEL: 'error', ...options.environment },
      stdio: ['ignore', 'pipe', 'pipe'],
    },
  );
  let said = '';
  child.stderr.on('data', (chunk: Buffer) => {
    said = (said + chunk.toString()).slice(-4_000);
  });
  const url = await new Promise<string>((resolve, reject) => {
    createInterface({ input: child.stdout }).on('line', (line) => resolve((JSON.parse(line) as { url: string }).url));
    child.once('exit', () => reject(new Error(`The server ended before it listened: ${said}`)));
  });
  for (;;) {
    const ready = await fetch(`${url}/readyz`).then(
      (answer) => answer.ok,
      () => false,
    );
    if (ready) break;
    if (child.exitCode !== null) throw new Error(`The server ended before it was ready: ${said}`);
    await new Promise((go) => setTimeout(go, 25));
  }
  const end = async (signal: NodeJS.Signals): Promise<void> => {
    child.kill(signal);
    await ended(child);
  };
  return { url, process: child, kill: () => end('SIGKILL'), stop: () => end('SIGTERM') };
}
