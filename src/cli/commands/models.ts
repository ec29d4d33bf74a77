import type { Command } from 'commander';
import { publishedReport, reportOn } from '../../app/report-line.js';
import { openStores } from '../../app.js';
import { AppError } from '../../errors.js';
import { namedSource } from '../named-source.js';
import { type Register, runs } from '../runs.js';
import { createTable } from '../table.js';
import { watchedBy } from '../watched.js';
import { writeOut } from '../write-out.js';

/** `kindred models`: what is in the registry, and how one was made. */
export const models: Register = (program) => {
  const command = program
    .command('models [modelId]')
    .description('List the models, or show how one was made.')
    .option('--json', 'print JSON')
    .addHelpText('after', '\nExample:\n  $ kindred models\n  $ kindred models kindred-drawings-3 --json\n')
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
            const table = createTable(['model', 'made', 'pictures', 'dimension', 'size', 'probe recall@1']);
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
  report(command);
};

const REPORT_HELP = `
What the model finds beside what pixels find, what it calls similar, a map of the pictures, what it looks past, and how
training went: one page that needs no network and no knowledge. kindred train publishes one with each model; with SOURCE
a new one is made on these pictures, and with --label the model is judged by labels too, as kindred evaluate does.
docs/report.md explains it.

Examples:
  $ kindred models report shoes-20261101-142207-3f9a1c --out report.html
  $ kindred models report kindred-drawings-3 ./pictures --out report.html
  $ kindred models report kindred-drawings-3 ./sorted-pictures --label folder --out report.html
`;

function report(models: Command): void {
  models
    .command('report <modelId> [source]')
    .description('Write the report of a model: what it has learnt, as a page for anybody.')
    .option('--out <file>', 'the file to write', 'report.html')
    .option('--label <attribute>', 'with SOURCE: the attribute that is a label; `folder` for a folder of folders')
    .option('--data <folder>', 'folder of the caches (KINDRED_DATA)')
    .option('--models <folder>', 'folder of the models (KINDRED_MODELS)')
    .addHelpText('after', REPORT_HELP)
    .action(
      runs<{ out: string; label?: string }>(async (world, terminal, { out, label }, [modelId = '', path]) => {
        if (label !== undefined && path === undefined)
          throw new AppError('SETTINGS_INVALID', { why: '✖ --label says what pictures are: name their SOURCE too.' });
        const stores = await openStores(world);
        try {
          const page =
            path === undefined
              ? await publishedReport(stores, modelId)
              : await reportOn(world, stores, {
                  modelId,
                  source: await namedSource(world, stores, path),
                  label,
                  work: watchedBy(world, terminal),
                });
          terminal.settle();
          const report = await writeOut(out, page);
          terminal.print(terminal.json ? JSON.stringify({ report }) : report);
        } finally {
          await stores.close();
        }
        return 0;
      }),
    );
}
