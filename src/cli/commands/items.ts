import { importSource } from '../../app/import-line.js';
import { modelOf } from '../../app/index-line.js';
import { openStores } from '../../app/stores.js';
import { AppError } from '../../errors.js';
import { embedMissing } from '../../indexing/embed-missing.js';
import { BROUGHT } from '../../indexing/track.js';
import { namedSource } from '../named-source.js';
import { type Register, runs } from '../runs.js';
import { saySkipped } from '../say-skipped.js';
import { watchedBy } from '../watched.js';

/** `kindred items`: pictures in as items, items out as JSON Lines. */
export const items: Register = (program) => {
  const command = program
    .command('items')
    .description('Import pictures as items, or export items.')
    .addHelpText('after', '\nExample:\n  $ kindred items import ./pictures\n  $ kindred items export > items.jsonl\n');

  command
    .command('import <source>')
    .description('Write every picture of a folder or manifest as an item.')
    .option('--into <collection>', 'which collection', 'default')
    .option('--json', 'print the outcome as JSON')
    .action(
      runs<{ into: string }>(async (world, terminal, flags, [path = '']) => {
        const stores = await openStores(world);
        try {
          const { catalogue, embedders, blobs } = stores;
          const work = watchedBy(world, terminal);
          await catalogue.collections.put(flags.into, {});
          const source = await namedSource(world, stores, path);
          const imported = await importSource(stores, { collection: flags.into, source, work });
          const modelId = await modelOf(stores, flags.into);
          if (modelId !== BROUGHT) {
            await embedMissing({
              catalogue,
              collection: flags.into,
              embedder: await embedders.get(modelId),
              readBlob: (content) => blobs.get(content),
              ...work,
            });
          }
          terminal.settle();
          saySkipped(terminal, imported.skipped);
          if (terminal.json) terminal.print(JSON.stringify(imported));
          else
            terminal.print(
              `${imported.stored} stored, ${imported.unchanged} unchanged, ${imported.skipped.length} skipped`,
            );
        } finally {
          await stores.close();
        }
        return 0;
      }),
    );

  command
    .command('export')
    .description('Print the items of a collection, one JSON line each.')
    .option('--from <collection>', 'which collection', 'default')
    .action(
      runs<{ from: string }>(async (world, terminal, flags) => {
        const stores = await openStores(world);
        try {
          if (!(await stores.catalogue.collections.get(flags.from)))
            throw new AppError('COLLECTION_NOT_FOUND', { collection: flags.from });
          let after: string | undefined;
          do {
            const page = await stores.catalogue.items.list(flags.from, {
              limit: 500,
              ...(after === undefined ? {} : { after }),
            });
            for (const { itemId, attributes, picture } of page.rows) {
              terminal.print(JSON.stringify({ itemId, attributes, picture: picture?.content ?? null }));
            }
            after = page.next;
          } while (after !== undefined && !world.signal.aborted);
        } finally {
          await stores.close();
        }
        return 0;
      }),
    );
};
