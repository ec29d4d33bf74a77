#!/usr/bin/env node
import { Command } from 'commander';
import { settingsTable } from '../config.js';
import { COMMANDS } from './commands/index.js';
import { readVersion } from './world.js';

const EXAMPLES = `
Examples:
  $ kindred train ./pictures && kindred serve     learn from a folder, index it, answer over HTTP
  $ kindred search ./photo.jpg                    what is like this picture?
  $ kindred --help settings                       every setting, its default and what it is for
`;

function settingsHelp(): string {
  const rows = settingsTable();
  const width = Math.max(...rows.map((row) => row.name.length));
  return rows.map((row) => `${row.name.padEnd(width)}  ${row.says} (${row.default})`).join('\n');
}

/** The command that is named first, alone, since what the others are made of takes a while to load; else all of them. */
const commandsFor = (named = '') => (Object.hasOwn(COMMANDS, named) ? [COMMANDS[named]!] : Object.values(COMMANDS));

/** The command line: one program, one small file a command. */
export async function main(argv: readonly string[]): Promise<void> {
  if (argv.includes('--help') && argv.includes('settings')) {
    process.stdout.write(
      `Settings are environment variables; a .env in the working directory is read.\n\n${settingsHelp()}\n`,
    );
    return;
  }
  const program = new Command('kindred')
    .description('Learns what your pictures look like without labels, and answers what is like what over HTTP.')
    .version(readVersion())
    .showHelpAfterError('(see --help)')
    .addHelpText('after', EXAMPLES);
  for (const load of commandsFor(argv[2])) (await load())(program);
  await program.parseAsync(argv as string[]);
}

await main(process.argv);
