import { type ChildProcess, fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const RUNNER = fileURLToPath(new URL('./as-commonjs.cjs', import.meta.url));

/** Starts a TypeScript program of the tests as CommonJS, which is quicker than the loader that ships. */
export function startProcess(entry: URL, orders: unknown): ChildProcess {
  return fork(RUNNER, [fileURLToPath(entry), JSON.stringify(orders)], {
    execArgv: [],
    stdio: ['ignore', 'pipe', 'inherit', 'ipc'],
  });
}

/** Collects the lines that a program says; `first` resolves with the first of them. */
export function listen(child: ChildProcess): { lines: () => string[]; first: Promise<void>; gone: Promise<void> } {
  let said = '';
  const first = new Promise<void>((resolve) => {
    child.stdout?.on('data', (text: Buffer) => {
      said += text;
      resolve();
    });
    child.on('close', () => resolve());
  });
  const gone = new Promise<void>((resolve) => child.on('close', () => resolve()));
  return { lines: () => said.split('\n').slice(0, -1), first, gone };
}
