import pc from 'picocolors';
import { importSource } from '../../app/import-line.js';
import { reindex } from '../../app/index-line.js';
import { openStores, type Stores, shippedModelId } from '../../app/stores.js';
import { trainModel } from '../../app/training-line.js';
import { AppError } from '../../errors.js';
import { type DemoCatalogue, demoCatalogue } from '../demo-catalogue.js';
import { type Asker, askAll } from '../demo-questions.js';
import { type Register, runs } from '../runs.js';
import { saySkipped } from '../say-skipped.js';
import type { Terminal } from '../terminal.js';
import { watchedBy } from '../watched.js';
import type { World } from '../world.js';
import { serveUntilStopped, startServer } from './serve.js';

interface DemoFlags {
  readonly once?: boolean;
  readonly pretrained?: boolean;
  readonly minutes: string;
}

async function demoModel(world: World, terminal: Terminal, stores: Stores, flags: DemoFlags): Promise<string> {
  if (flags.pretrained) {
    const shipped = await shippedModelId(stores.registry);
    if (shipped === undefined) throw new AppError('MODEL_NOT_FOUND', { modelId: 'kindred-…' });
    return shipped;
  }
  terminal.say('A small encoder learns what these drawings look like. No labels, no network, this machine only.');
  const { manifest, skipped } = await trainModel(world, stores, {
    source: await demoCatalogue(),
    name: 'demo',
    settings: { budget: { minutes: Number(flags.minutes) } },
    work: watchedBy(world, terminal),
    say: (line) => terminal.say(line),
    command: 'npm run demo',
    licence: 'The drawings it learnt from are Fluent Emoji by Microsoft (MIT).',
    credits: ['Fluent Emoji, Microsoft, MIT'],
  });
  saySkipped(terminal, skipped);
  return manifest.modelId;
}

/** The server as anybody sees it: over HTTP. */
function askerOf(url: string, catalogue: DemoCatalogue): Asker {
  const ask = async (path: string, init: RequestInit): Promise<unknown> => {
    const response = await fetch(url + path, init);
    const body = (await response.json()) as { detail?: string };
    if (!response.ok) throw new Error(`${path} answered ${response.status}: ${body.detail}`);
    return body;
  };
  return {
    catalogue,
    get: (path) => ask(path, {}),
    post: (path, body) =>
      ask(path, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }),
  };
}

async function untilReady(url: string): Promise<void> {
  for (;;) {
    const answer = await fetch(`${url}/readyz`);
    if (answer.ok) return;
    await new Promise((go) => setTimeout(go, 100));
  }
}

async function askOnce(world: World, terminal: Terminal): Promise<void> {
  const server = await startServer({ ...world, config: { ...world.config, KINDRED_PORT: 0, KINDRED_PROCESSES: 1 } });
  try {
    await untilReady(server.url);
    const catalogue = await demoCatalogue();
    const names = new Map<string, string>();
    for await (const { itemId, attributes } of catalogue.list()) names.set(itemId, String(attributes.name));
    const questions = await askAll(askerOf(server.url, catalogue));
    for (const { ask, hits } of questions) {
      terminal.say(`\n${pc.bold(ask)}`);
      for (const { itemId, similarity } of hits) {
        terminal.say(
          `  ${similarity === undefined ? '     ' : similarity.toFixed(3)}  ${itemId.padEnd(14)} ${names.get(itemId) ?? ''}`,
        );
      }
    }
    if (terminal.json) terminal.print(JSON.stringify({ questions }));
  } finally {
    await server.close();
  }
}

const HELP = `
The catalogue is the set of 3D emoji that npm ci brings. Everything runs on this machine.

Examples:
  $ npm run demo                    learn for at most two minutes, index, serve the page
  $ npm run demo -- --pretrained    the same with the encoder that ships in models/
  $ npm run demo -- --once          ask a dozen questions, print the answers, exit
`;

/** `kindred demo`: the whole line on pictures that come along: learn, index, ask, serve. */
export const demo: Register = (program) => {
  program
    .command('demo')
    .description('The whole line on the emoji drawings that npm ci brings: learn, index, serve the page.')
    .option('--pretrained', 'use the encoder that ships with Kindred')
    .option('--once', 'ask a dozen questions, print the answers, and exit')
    .option('--minutes <n>', 'time to train', '1.5')
    .option('--port <port>', 'port to listen on; 0 picks a free one')
    .option('--host <host>', 'address to listen on')
    .option('--json', 'print JSON')
    .addHelpText('after', HELP)
    .action(
      runs<DemoFlags>(async (world, terminal, flags) => {
        const quiet: World = flags.once ? { ...world, config: { ...world.config, KINDRED_LOG_LEVEL: 'warn' } } : world;
        const stores = await openStores(quiet);
        try {
          const modelId = await demoModel(quiet, terminal, stores, flags);
          const work = watchedBy(quiet, terminal);
          await stores.catalogue.collections.put('default', {});
          await importSource(stores, { collection: 'default', source: await demoCatalogue(), work });
          const released = await reindex(quiet, stores, { collection: 'default', modelId, work, origin: 'train' });
          terminal.settle();
          terminal.say(
            `Indexed ${released.items} drawings with ${modelId}: recall@10 ${released.recall.toFixed(3)} against exact search.`,
          );
        } finally {
          await stores.close();
        }
        if (flags.once) await askOnce(quiet, terminal);
        else {
          const server = await startServer(quiet);
          terminal.say('Open the page, click a drawing, drop a picture on it, or give thumbs up and down.');
          await serveUntilStopped(quiet, terminal, server);
        }
        return 0;
      }),
    );
};
