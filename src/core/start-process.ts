import { type ChildProcess, type ForkOptions, fork } from 'node:child_process';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { Worker, type WorkerOptions } from 'node:worker_threads';

/** How a process ends whose parent has gone. For programs that look: EX_TEMPFAIL. */
export const ORPHAN_EXIT = 75;

/** From a checkout the sources run as they are (tsx); what ships is JavaScript beside them. */
const isSource = (entry: URL): boolean => entry.pathname.endsWith('.ts');

/** The URL of a sibling module, with the extension this program runs with: `besideModule(import.meta.url, './child')`. */
export function besideModule(moduleUrl: string, path: string): URL {
  return new URL(`${path}${new URL(moduleUrl).pathname.endsWith('.ts') ? '.ts' : '.js'}`, moduleUrl);
}

/** A file of the tsx package, wherever this process was started from. */
function tsxFile(path: string): string {
  const manifest = createRequire(import.meta.url).resolve('tsx/package.json');
  return pathToFileURL(join(dirname(manifest), 'dist', path)).href;
}

/** Starts a worker thread from source or from the build. (Node 20 does not give `--import` loaders to threads.) */
export function startWorker(entry: URL, options: WorkerOptions = {}): Worker {
  if (!isSource(entry)) return new Worker(entry, options);
  const bootstrap = `import(${JSON.stringify(tsxFile('esm/api/index.mjs'))}).then(({ register }) => {
    register();
    return import(${JSON.stringify(entry.href)});
  });`;
  return new Worker(bootstrap, { ...options, eval: true });
}

/** What Node must be told so that it runs this entry: nothing for the build, tsx's loader for sources. */
export function sourceLoader(entry: URL): string[] {
  return isSource(entry) ? ['--import', tsxFile('loader.mjs')] : [];
}

/**
 * Starts a worker thread whose modules are few and plain (no top-level await). From source they load as CommonJS, which
 * spares the second loader thread: a third of the time and work of `startWorker`. From the build it is the same.
 */
export function startLightWorker(entry: URL, options: WorkerOptions = {}): Worker {
  if (!isSource(entry)) return new Worker(entry, options);
  const hook = createRequire(import.meta.url).resolve('tsx/cjs/api');
  const bootstrap = `require(${JSON.stringify(hook)}).register(); require(${JSON.stringify(fileURLToPath(entry))});`;
  return new Worker(bootstrap, { ...options, eval: true });
}

/** Starts a child process with a channel to this one, from source or from the build. */
export function startChild(entry: URL, args: readonly string[] = [], options: ForkOptions = {}): ChildProcess {
  return fork(fileURLToPath(entry), args, { execArgv: sourceLoader(entry), ...options });
}
