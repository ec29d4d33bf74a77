import type { Command } from 'commander';
import { openTerminal, reportFailure, type Terminal } from './terminal.js';
import { interruptSignal, openWorld, type World } from './world.js';

/** Flags that any command may have; they stand for settings of the same meaning. */
interface SharedFlags {
  readonly json?: boolean;
  readonly data?: string;
  readonly models?: string;
  readonly port?: string;
  readonly host?: string;
  readonly threads?: string;
}

/** Runs what a command does with the world read once, and turns failures into sentences and exit codes. */
export function runs<F extends object>(
  action: (world: World, terminal: Terminal, flags: F, args: readonly string[]) => Promise<number | undefined>,
): (...given: unknown[]) => Promise<void> {
  return async (...given) => {
    const command = given.at(-1) as Command;
    const flags = command.optsWithGlobals() as F & SharedFlags;
    const terminal = openTerminal({ json: flags.json ?? false });
    try {
      const settings = {
        KINDRED_DATA: flags.data,
        KINDRED_MODELS: flags.models,
        KINDRED_PORT: flags.port,
        KINDRED_HOST: flags.host,
        KINDRED_THREADS: flags.threads,
      };
      const world = openWorld(settings, interruptSignal());
      process.exitCode = (await action(world, terminal, flags, command.args)) ?? 0;
    } catch (error) {
      terminal.settle();
      process.exitCode = reportFailure(error, terminal.json);
    }
  };
}

/** Every command registers itself on the program: its words, flags, help with an example, and action. */
export type Register = (program: Command) => void;
