import { learnBehaviour } from '../../app/behaviour-line.js';
import { openStores } from '../../app/stores.js';
import { type Register, runs } from '../runs.js';
import { watchedBy } from '../watched.js';

/** `kindred behaviour`: learn from what people did, and one switch to it. Servers that run follow within a second. */
export const behaviour: Register = (program) => {
  program
    .command('behaviour')
    .description('Learn from the events of a collection what to recommend, and activate it.')
    .option('--collection <name>', 'which collection', 'default')
    .option('--json', 'print the outcome as JSON')
    .addHelpText('after', '\nExample:\n  $ kindred behaviour --collection default\n')
    .action(
      runs<{ collection: string }>(async (world, terminal, flags) => {
        const stores = await openStores(world);
        try {
          const outcome = await learnBehaviour(world, stores, {
            collection: flags.collection,
            work: watchedBy(world, terminal),
          });
          terminal.settle();
          if (terminal.json) terminal.print(JSON.stringify(outcome));
          else {
            const { releaseId, events, people, items, learnt, weights } = outcome;
            terminal.print(`${releaseId}: ${events} events of ${people} people on ${items} items`);
            const weighed = Object.entries(weights).filter(([, weight]) => weight !== 0);
            terminal.say(
              `${learnt ? 'Weights that were learnt' : 'The plain sum'}: ${weighed.map(([name, weight]) => `${name} ${Number(weight.toFixed(3))}`).join(', ')}.`,
            );
          }
        } finally {
          await stores.close();
        }
        return 0;
      }),
    );
};
