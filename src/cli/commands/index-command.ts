import { reindex } from '../../app/index-line.js';
import { openStores } from '../../app/stores.js';
import { type Register, runs } from '../runs.js';
import { watchedBy } from '../watched.js';

/** `kindred index`: a fresh index of a collection, and one switch to it. Servers that run follow within a second. */
export const indexCommand: Register = (program) => {
  program
    .command('index')
    .description('Build a fresh index of a collection and activate it.')
    .option('--collection <name>', 'which collection', 'default')
    .option('--model <id>', 'embed with this model instead of the active one')
    .option('--json', 'print the outcome as JSON')
    .addHelpText('after', '\nExample:\n  $ kindred index --collection default\n')
    .action(
      runs<{ collection: string; model?: string }>(async (world, terminal, flags) => {
        const stores = await openStores(world);
        try {
          const outcome = await reindex(world, stores, {
            collection: flags.collection,
            work: watchedBy(world, terminal),
            ...(flags.model === undefined ? {} : { modelId: flags.model }),
          });
          terminal.settle();
          if (terminal.json) terminal.print(JSON.stringify(outcome));
          else {
            terminal.print(
              `${outcome.releaseId}: ${outcome.items} items, recall@10 ${outcome.recall.toFixed(3)}, efSearch ${outcome.efSearch ?? '–'}`,
            );
            if (outcome.belowFloor)
              terminal.say(`Its recall is below KINDRED_MIN_RECALL (${world.config.KINDRED_MIN_RECALL}).`);
          }
        } finally {
          await stores.close();
        }
        return 0;
      }),
    );
};
