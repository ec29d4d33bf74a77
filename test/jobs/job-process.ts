import { openCatalogue } from '../../src/catalogue/open-catalogue.js';
import { AppError } from '../../src/errors.js';
import { runJobChild } from '../../src/jobs/run-job-child.js';
import type { JobHandler, Work } from '../../src/jobs/work.js';

/** The jobs that the tests run: each ends in a way of its own. */
const HANDLERS: Record<string, JobHandler> = {
  async count({ input, progress }: Work) {
    const { total } = input as { total: number };
    for (let done = 0; done <= total; done++) progress({ stage: 'count', done, total, unit: 'sheep' });
    return { counted: total, pid: process.pid };
  },
  async refuse() {
    throw new AppError('TOO_FEW_SAMPLES', { found: 1, needed: 8 });
  },
  async trip() {
    throw new Error('a stone on the way');
  },
  async crash() {
    process.kill(process.pid, 'SIGKILL');
    return new Promise(() => undefined);
  },
  /** Goes on until it is told to stop, and then lays down its work. */
  async wait({ signal, progress }: Work) {
    progress({ stage: 'wait', done: 1, unit: 'turns' });
    await new Promise((resolve) => signal.addEventListener('abort', resolve));
    throw new Error('stopped in the middle');
  },
  /** Hears nothing. */
  async deaf() {
    for (;;) await new Promise((resolve) => setTimeout(resolve, 1_000));
  },
  /** Publishes once it is told to by a change of nothing but time, and only while it holds its claim. */
  async publish({ input, holdsClaim }: Work) {
    await new Promise((resolve) => setTimeout(resolve, (input as { afterMs: number }).afterMs));
    await holdsClaim();
    return 'published';
  },
};

const orders = JSON.parse(process.argv[2]!) as { dataFolder: string };

void runJobChild({
  open: async () => openCatalogue({ dataFolder: orders.dataFolder, now: () => Date.now(), ids: () => 'unused' }),
  handlers: () => HANDLERS,
  now: () => Date.now(),
});
