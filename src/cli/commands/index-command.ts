import { Option } from 'commander';
import { reindex } from '../../app/index-line.js';
import { openStores } from '../../app/stores.js';
import { WHITENS, type Whiten } from '../../indexing/index-whitening.js';
import { type Register, runs } from '../runs.js';
import { watchedBy } from '../watched.js';

/** `kindred index`: a fresh index of a collection, and one switch to it. Servers that run follow within a second. */
export const indexCommand: Register = (program) => {
  program
    .command('index')
    .description('Build a fresh index of a collection and activate it.')
    .option('--collection <name>', 'which collection', 'default')
    .option('--model <id>', 'embed with this model instead of the active one')
    .addOption(
      new Option(
        '--whiten <how>',
        "even out the variances of the collection's own vectors; as it is now if absent",
      ).choices(WHITENS),
    )
    .option('--json', 'print the outcome as JSON')
    .addHelpText('after', '\nExample:\n  $ kindred index --collection default\n')
    .action(
      runs<{ collection: string; model?: string; whiten?: Whiten }>(async (world, terminal, flags) => {
        const stores = await openStores(world);
        try {
          const outcome = await reindex(world, stores, {
            collection: flags.collection,
            work: watchedBy(world, terminal),
            whiten: flags.whiten,
            ...(flags.model === undefined ? {} : { modelId: flags.model }),
          });
          terminal.settle();
          if (terminal.json) terminal.print(JSON.stringify(outcome));
          else {
            terminal.print(
              `${outcome.releaseId}: ${outcome.items} items, recall@10 ${outcome.recall.toFixed(3)}, efSearch ${outcome.efSearch ?? '–'}`,
            );
            const { whiten, fitted } = outcome.whitening;
            if (whiten !== 'none')
              terminal.say(
                fitted
                  ? `Whitened (${whiten}), fitted on ${fitted.count} of its own vectors.`
                  : `Too few vectors to fit a whitening (${whiten}): it takes four for each dimension.`,
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
