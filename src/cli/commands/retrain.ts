import { retrainCollection } from '../../app/retraining-line.js';
import { openStores } from '../../app/stores.js';
import { type Register, runs } from '../runs.js';
import { watchedBy } from '../watched.js';

/** `kindred retrain`: learn from what has come in, judge the candidate without labels, and switch if it is no worse. */
export const retrain: Register = (program) => {
  program
    .command('retrain')
    .description('Train on the collection as it is now; switch to the new encoder only if it is not worse.')
    .option('--collection <name>', 'which collection', 'default')
    .option('--minutes <n>', 'wall time to spend (KINDRED_RETRAIN_MINUTES)')
    .option('--json', 'print the outcome as JSON')
    .addHelpText('after', '\nExample:\n  $ kindred retrain --minutes 20\n')
    .action(
      runs<{ collection: string; minutes?: string }>(async (world, terminal, flags) => {
        const stores = await openStores(world);
        try {
          const outcome = await retrainCollection(world, stores, {
            collection: flags.collection,
            minutes: flags.minutes === undefined ? undefined : Number(flags.minutes),
            work: watchedBy(world, terminal),
          });
          terminal.settle();
          terminal.print(terminal.json ? JSON.stringify(outcome) : `${outcome.kind}: ${outcome.why}`);
        } finally {
          await stores.close();
        }
        return 0;
      }),
    );
};
