import { setImmediate as nextTurn } from 'node:timers/promises';
import { Option } from 'commander';
import { openServing } from '../../app/serving.js';
import { openStores } from '../../app/stores.js';
import { whenLoaded } from '../../app/when-loaded.js';
import { confidence, RATES, thresholdOf } from '../../indexing/calibration.js';
import { findDuplicates } from '../../indexing/find-duplicates.js';
import { type Register, runs } from '../runs.js';
import { createTable } from '../table.js';
import { watchedBy } from '../watched.js';

const SHOWN = 50;

/** `kindred duplicates`: which items are copies of one picture, at a stated rate of false ones? */
export const duplicates: Register = (program) => {
  program
    .command('duplicates')
    .description('Show groups of items that are copies of one picture.')
    .option('--collection <name>', 'which collection', 'default')
    .addOption(
      new Option('--rate <share>', 'of items without a copy, how many may be taken for one')
        .choices(RATES.map(String))
        .default(String(RATES[0])),
    )
    .option('--json', 'print all groups as JSON')
    .addHelpText('after', '\nExample:\n  $ kindred duplicates --rate 0.001\n')
    .action(
      runs<{ collection: string; rate: string }>(async (world, terminal, flags) => {
        const stores = await openStores(world);
        const serving = openServing(world, stores);
        try {
          const index = await whenLoaded(world, serving, flags.collection);
          const { rate, similarity, finds } = thresholdOf(index, Number(flags.rate));
          const { progress } = watchedBy(world, terminal);
          const total = index.size();
          const found = await findDuplicates(index, similarity, async (done) => {
            if (done % 256 !== 0) return;
            progress({ stage: 'duplicates', done, total, unit: 'items' });
            await nextTurn();
          });
          terminal.settle();
          const groups = found.map((group) => ({
            itemId: group.itemId,
            duplicates: group.duplicates.map((each) => ({
              ...each,
              confidence: index.calibration ? confidence(index.calibration, each.similarity) : undefined,
            })),
          }));
          if (terminal.json) {
            terminal.print(JSON.stringify({ rate, similarity, finds, items: total, groups }));
            return 0;
          }
          const table = createTable(['item', 'copies']);
          for (const group of groups.slice(0, SHOWN))
            table.push([
              group.itemId,
              group.duplicates.map((each) => `${each.itemId} (${each.similarity.toFixed(4)})`).join('\n'),
            ]);
          if (groups.length > 0) terminal.print(table.toString());
          const more = groups.length > SHOWN ? `, ${SHOWN} of them shown; --json prints all` : '';
          terminal.print(
            `${groups.length} groups among ${total} items, more alike than ${similarity.toFixed(4)}${more}.`,
          );
          terminal.print(
            `About ${Math.round(rate * total)} items may be here without a copy (1 in ${Math.round(1 / rate)}); of copies made to measure it, ${(100 * finds).toFixed(1)}% are found.`,
          );
        } finally {
          await serving.close();
          await stores.close();
        }
        return 0;
      }),
    );
};
