import { randomUUID } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { parseEnv } from 'node:util';
import { pino } from 'pino';
import type { Environment } from '../app/environment.js';
import { readConfig } from '../config.js';

/** Everything a command takes from outside: settings, time, ids, the log, the machine. Nothing else may read these. */
export interface World extends Environment {
  /** Aborted when a person stops the command. */
  readonly signal: AbortSignal;
}

/** The program's own version, from the package it runs in. */
export function readVersion(): string {
  const manifest = readFileSync(new URL('../../package.json', import.meta.url), 'utf8');
  return (JSON.parse(manifest) as { version: string }).version;
}

/** The environment with a `.env` of the working directory under it; what is really set wins. */
function environment(): Record<string, string | undefined> {
  const file = join(process.cwd(), '.env');
  const fromFile = existsSync(file) ? parseEnv(readFileSync(file, 'utf8')) : {};
  return { ...fromFile, ...process.env };
}

/** A terminal tells all that run in it, and npm tells its child once more: signals no further apart are one Ctrl-C. */
const ONE_PRESS_MS = 500;

/** Aborted by the first Ctrl-C or SIGTERM; a second one ends the process at once. */
export function interruptSignal(): AbortSignal {
  const controller = new AbortController();
  let over = false;
  const end = () => {
    over = true;
  };
  for (const name of ['SIGINT', 'SIGTERM'] as const) {
    process.on(name, () => {
      if (over) process.exit(130);
      // What arrives while the program is busy is read before an immediate runs: it still belongs to the first press.
      if (!controller.signal.aborted) setTimeout(() => setImmediate(end), ONE_PRESS_MS).unref();
      controller.abort();
    });
  }
  return controller.signal;
}

/** Reads the world once, for one command. `overrides` are what its flags say. Throws SETTINGS_INVALID. */
export function openWorld(
  overrides: Readonly<Record<string, string | undefined>> = {},
  signal: AbortSignal = new AbortController().signal,
): World {
  const given = Object.fromEntries(Object.entries(overrides).filter(([, value]) => value !== undefined));
  const config = readConfig({ ...environment(), ...given });
  return {
    config,
    now: Date.now,
    newId: randomUUID,
    log: pino({ level: config.KINDRED_LOG_LEVEL, base: null }, pino.destination({ fd: 2, sync: false })),
    version: readVersion(),
    cores: availableParallelism(),
    signal,
  };
}
