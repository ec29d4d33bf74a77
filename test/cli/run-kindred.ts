import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { BUILT_ENTRY } from '../build-program.js';

export interface Ran {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs the command line as a user would, in a process of its own. */
export function runKindred(
  args: readonly string[],
  options: { environment?: Readonly<Record<string, string>>; interruptAfter?: RegExp } = {},
): Promise<Ran> {
  const child = spawn(process.execPath, [fileURLToPath(BUILT_ENTRY), ...args], {
    env: { ...process.env, KINDRED_LOG_LEVEL: 'warn', ...options.environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  return new Promise((resolve, reject) => {
    let [stdout, stderr, interrupted] = ['', '', false];
    child.stdout.on('data', (chunk: Buffer) => {
      stdout += chunk.toString();
    });
    child.stderr.on('data', (chunk: Buffer) => {
      stderr += chunk.toString();
      if (interrupted || !options.interruptAfter?.test(stderr)) return;
      interrupted = true;
      child.kill('SIGINT');
    });
    child.once('error', reject);
    child.once('close', (code) => resolve({ code, stdout, stderr }));
  });
}
