import { openStores } from '../../app/stores.js';
import { tidy } from '../../app/tidy/tidy.js';
import type { TidyReport } from '../../app/tidy/tidying.js';
import { type Register, runs } from '../runs.js';
import { watchedBy } from '../watched.js';

function lines(report: TidyReport): [string, number][] {
  const { trashed, restored, deleted } = report.pictures;
  return [
    ['releases out of the window', report.releases],
    ['indexes', report.indexes],
    ['behaviour models', report.behaviours],
    ['embeddings of dropped models', report.embeddings],
    ['events past their retention', report.events],
    ['pictures to the trash', trashed],
    ['pictures back from it', restored],
    ['pictures deleted', deleted],
    ['jobs that ended long ago', report.jobs],
    ['lines of the log of changes', report.compacted],
    ['files of prepared pixels', report.preparedPixels],
    ['checkpoints', report.checkpoints],
  ];
}

/** `kindred tidy`: what the server does once a day, now; or, dry, what it would do. */
export const tidyCommand: Register = (program) => {
  program
    .command('tidy')
    .description('Take away old indexes, unused pictures and what else nobody needs; a server does it once a day.')
    .option('--dry-run', 'only say what would go')
    .option('--json', 'print the report as JSON')
    .addHelpText(
      'after',
      '\nA picture that no item refers to goes to the trash first, and is deleted a day later at the earliest.\n' +
        'KINDRED_KEEP_RELEASE_HOURS says for how long one may go back to a release.\n' +
        '\nExample:\n  $ kindred tidy --dry-run\n',
    )
    .action(
      runs<{ dryRun?: boolean }>(async (world, terminal, flags) => {
        const dryRun = flags.dryRun ?? false;
        const stores = await openStores(world);
        try {
          const report = await tidy(world, stores, { dryRun, work: watchedBy(world, terminal) });
          terminal.settle();
          if (terminal.json) terminal.print(JSON.stringify({ dryRun, ...report }));
          else {
            for (const [what, count] of lines(report)) terminal.print(`${String(count).padStart(9)}  ${what}`);
            const freed = `${(report.freedBytes / 1e6).toFixed(1)} MB of files`;
            terminal.print(dryRun ? `${freed} would be freed. Nothing was changed.` : `${freed} freed.`);
            for (const what of report.failed) terminal.say(`This failed, and the log says why: ${what}.`);
          }
          return report.failed.length === 0 ? 0 : 1;
        } finally {
          await stores.close();
        }
      }),
    );
};
