import Table from 'cli-table3';
import { openStores } from '../../app.js';
import { type Register, runs } from '../runs.js';

/** `kindred models`: what is in the registry, and how one was made. */
export const models: Register = (program) => {
  program
    .command('models [modelId]')
    .description('List the models, or show how one was made.')
    .option('--json', 'print JSON')
    .addHelpText('after', '\nExample:\n  $ kindred models\n  $ kindred models kindred-drawings --json\n')
    .action(
      runs(async (world, terminal, _flags, [modelId]) => {
        const stores = await openStores(world);
        try {
          if (modelId !== undefined) {
            terminal.print(JSON.stringify(await stores.registry.read(modelId), null, terminal.json ? 0 : 2));
            return 0;
          }
          const found = await stores.registry.list();
          if (terminal.json) terminal.print(JSON.stringify({ models: found }));
          else {
            const table = new Table({ head: ['model', 'made', 'pictures', 'dimension', 'size', 'probe recall@1'] });
            for (const model of found) {
              const recall = model.scores.probeRecall;
              table.push([
                model.modelId,
                model.createdAt.slice(0, 10),
                model.data.count,
                model.dimension,
                `${(model.encoder.sizeBytes / 1e6).toFixed(1)} MB`,
                recall === undefined ? '–' : recall.toFixed(3),
              ]);
            }
            terminal.print(table.toString());
          }
        } finally {
          await stores.close();
        }
        return 0;
      }),
    );
};
