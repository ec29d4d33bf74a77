import { writeSync } from 'node:fs';
import { openCatalogue } from '../../src/catalogue/open-catalogue.js';
import { noLog } from '../../src/core/log.js';
import { createJobRunner } from '../../src/jobs/job-runner.js';
import { startProcess } from '../catalogue/start-process.js';

/** A program that runs jobs until it is killed, and says the process of each. */
const orders = JSON.parse(process.argv[2]!) as { dataFolder: string };

async function main(): Promise<void> {
  const catalogue = await openCatalogue({ ...orders, now: () => Date.now(), ids: () => 'unused' });
  createJobRunner({
    catalogue,
    kinds: ['wait'],
    worker: 'doomed',
    now: () => Date.now(),
    log: noLog,
    beatMs: 50,
    startChild: () => {
      const child = startProcess(new URL(`file://${process.argv[1]!.replace('runner-', 'job-')}`), orders);
      writeSync(1, `${child.pid}\n`);
      return child;
    },
  });
}

void main();
