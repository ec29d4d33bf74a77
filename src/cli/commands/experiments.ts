import { readFile } from 'node:fs/promises';
import Table from 'cli-table3';
import { ExperimentName } from '../../api/contract/common-schemas.js';
import { ExperimentWrite } from '../../api/contract/experiment-schemas.js';
import { experimentAnswer } from '../../api/experiment-answer.js';
import { parseJson } from '../../api/json-text.js';
import { newExperiment } from '../../api/new-experiment.js';
import { parseWith } from '../../api/parse-with.js';
import { openStores, type Stores } from '../../app.js';
import type { Experiment } from '../../catalogue/catalogue.js';
import { AppError } from '../../errors.js';
import { isActive } from '../../recommend/experiments/experiment-book.js';
import { readResults } from '../../recommend/experiments/read-results.js';
import { type Register, runs } from '../runs.js';

interface Flags {
  readonly collection: string;
}

const HELP = `
FILE is JSON as PUT …/experiments/{name} takes it:
  {"variants": [{"name": "now", "share": 0.5}, {"name": "new", "share": 0.5, "request": {"diversity": 0.3}}]}

Examples:
  $ kindred experiments put tea tea.json
  $ kindred experiments results tea
  $ kindred experiments end tea
`;

/** `kindred experiments`: makes, ends and lists experiments, and shows what came of one. Servers follow within a second. */
export const experiments: Register = (program) => {
  const command = program
    .command('experiments')
    .description('Split people over variants of what is recommended, and compare them.')
    .addHelpText('after', HELP);
  const sub = (usage: string, description: string) =>
    command
      .command(usage)
      .description(description)
      .option('--collection <name>', 'which collection', 'default')
      .option('--json', 'print JSON');

  sub('list', 'List the experiments.').action(
    runs<Flags>(async (world, terminal, { collection }) =>
      within(await openStores(world), async ({ catalogue }) => {
        if (!(await catalogue.collections.get(collection))) throw new AppError('COLLECTION_NOT_FOUND', { collection });
        const found = await catalogue.experiments.list(collection);
        const now = world.now();
        if (terminal.json) {
          terminal.print(JSON.stringify({ experiments: found.map((each) => experimentAnswer(each, now)) }));
          return;
        }
        const table = new Table({ head: ['experiment', 'state', 'variants', 'from', 'until'] });
        for (const each of found) table.push(row(each, now));
        terminal.print(table.toString());
      }),
    ),
  );

  sub('put <name> <file>', 'Make or replace an experiment.').action(
    runs<Flags>(async (world, terminal, { collection }, [name = '', file = '']) =>
      within(await openStores(world), async ({ catalogue }) => {
        const body = parseWith(ExperimentWrite, parseJson(await bytesOf(file)));
        const old = await catalogue.experiments.get(collection, name);
        const wanted = newExperiment(parseWith(ExperimentName, name), body, old?.from ?? world.now());
        const { experiment } = await catalogue.experiments.put(collection, wanted);
        terminal.print(JSON.stringify(experimentAnswer(experiment, world.now()), null, terminal.json ? 0 : 2));
      }),
    ),
  );

  sub('end <name>', 'End an experiment now; its results stay.').action(
    runs<Flags>(async (world, terminal, { collection }, [name = '']) =>
      within(await openStores(world), async ({ catalogue }) => {
        const found = await known(catalogue, collection, name);
        if (!isActive(found, world.now())) throw new AppError('REQUEST_INVALID', { why: `"${name}" is not active.` });
        const { variants, from, success } = found;
        // At least a millisecond long, so that it can be told from one that never was.
        const until = Math.max(world.now(), from + 1);
        const ended = await catalogue.experiments.put(collection, { name, variants, from, until, success });
        if (terminal.json) terminal.print(JSON.stringify(experimentAnswer(ended.experiment, world.now())));
        else terminal.say(`"${name}" has ended.`);
      }),
    ),
  );

  sub('results <name>', 'Show what came of an experiment so far.').action(
    runs<Flags>(async (world, terminal, { collection }, [name = '']) =>
      within(await openStores(world), async ({ catalogue }) => {
        const results = await readResults(catalogue.events, await known(catalogue, collection, name));
        if (terminal.json) {
          terminal.print(JSON.stringify(results));
          return;
        }
        const table = new Table({ head: ['variant', 'people', 'impressions', 'successes'] });
        for (const { name: variant, people, impressions, successes } of results.variants)
          table.push([variant, people, impressions, successes]);
        terminal.print(table.toString());
        for (const { name: variant, says } of results.variants) terminal.print(`${variant}: ${says}`);
        for (const warning of results.warnings) terminal.say(warning);
      }),
    ),
  );
};

async function within(stores: Stores, work: (stores: Stores) => Promise<void>): Promise<number> {
  try {
    await work(stores);
  } finally {
    await stores.close();
  }
  return 0;
}

async function known(catalogue: Stores['catalogue'], collection: string, name: string): Promise<Experiment> {
  if (!(await catalogue.collections.get(collection))) throw new AppError('COLLECTION_NOT_FOUND', { collection });
  const found = await catalogue.experiments.get(collection, name);
  if (!found) throw new AppError('EXPERIMENT_NOT_FOUND', { name });
  return found;
}

async function bytesOf(file: string): Promise<Buffer> {
  try {
    return await readFile(file);
  } catch (cause) {
    throw new AppError('REQUEST_INVALID', { why: `${file} can't be read: ${(cause as Error).message}` }, { cause });
  }
}

function row(experiment: Experiment, now: number): string[] {
  const { name, variants, from, until } = experiment;
  const state = isActive(experiment, now) ? 'active' : from > now ? 'to come' : 'over';
  const shares = variants.map((variant) => `${variant.name} ${Number((100 * variant.share).toFixed(2))}%`).join(', ');
  const time = (at: number) => new Date(at).toISOString();
  return [name, state, shares, time(from), until === null ? '' : time(until)];
}
