import { openStores } from '../../app.js';
import type { Job } from '../../catalogue/catalogue.js';
import { AppError } from '../../errors.js';
import { type Register, runs } from '../runs.js';
import { createTable } from '../table.js';

function standing(job: Job): string {
  if (job.error) return `${job.error.code}: ${job.error.message}`;
  if (!job.progress) return '';
  const { stage, done, total, unit } = job.progress;
  return `${stage ?? ''} ${done}${total === undefined ? '' : `/${total}`} ${unit}`.trim();
}

/** `kindred jobs`: what runs, ran or waits; and how to stop it. */
export const jobs: Register = (program) => {
  program
    .command('jobs [jobId]')
    .description('List the newest jobs, show one, or cancel it.')
    .option('--cancel', 'cancel the job')
    .option('--json', 'print JSON')
    .addHelpText('after', '\nExample:\n  $ kindred jobs\n  $ kindred jobs 7d1f… --cancel\n')
    .action(
      runs<{ cancel?: boolean }>(async (world, terminal, flags, [jobId]) => {
        const stores = await openStores(world);
        try {
          if (jobId !== undefined) {
            const job = flags.cancel
              ? await stores.catalogue.jobs.cancel(jobId)
              : await stores.catalogue.jobs.get(jobId);
            if (!job) throw new AppError('JOB_NOT_FOUND', { jobId });
            terminal.print(JSON.stringify(job, null, terminal.json ? 0 : 2));
            return 0;
          }
          const found = await stores.catalogue.jobs.list({ limit: 50 });
          if (terminal.json) terminal.print(JSON.stringify({ jobs: found }));
          else {
            const table = createTable(['job', 'kind', 'collection', 'state', 'at']);
            for (const job of found) table.push([job.jobId, job.kind, job.collection, job.state, standing(job)]);
            terminal.print(table.toString());
          }
        } finally {
          await stores.close();
        }
        return 0;
      }),
    );
};
