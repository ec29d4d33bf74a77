import type { TrainingState } from './checkpoint.js';
import type { Course } from './course.js';
import { FITTED_AT_MOST, fittingSeconds, needsWhitening } from './fit-whitening.js';
import { courseOfMinutes } from './plan-steps.js';
import type { RunContext } from './run-steps.js';

/** Steps that are thrown away first: the engine gets its memory in them. */
const SETTLING = 2;
/** Share of the budget that measuring may take. */
const MEASURING = 0.02;

/**
 * How many steps fit into `minutes` since the run was called, measured by taking some whose results are thrown away.
 * The course goes into the checkpoint, so that whoever resumes keeps to it.
 */
export async function calibrate(context: RunContext, minutes: number, state: TrainingState): Promise<Course> {
  const { run, batches, feed, stepper, probe, startedAt } = context;
  const seconds = (): number => run.now() / 1000;
  let spare: TrainingState | undefined;
  const take = async (step: number) => {
    spare = (await stepper.take({ ...state, step }, 0, await feed.views(step), spare)).state;
  };
  for (let i = 0; i < SETTLING; i++) await take(i);

  const until = seconds() + minutes * 60 * MEASURING;
  const times: number[] = [];
  while (times.length < 5 || (seconds() < until && times.length < 40)) {
    const before = seconds();
    await take(SETTLING + times.length);
    times.push(seconds() - before);
  }
  const embedding = await embeddingSeconds(context, state);
  const before = seconds();
  await probe.look(state);
  const looked = seconds() - before;
  return courseOfMinutes(minutes, seconds() - startedAt / 1000, batches.stepsPerEpoch, {
    step: median(times),
    probe: looked,
    ending: endingSeconds(context, embedding) + looked,
  });
}

/** Time to embed one sample, its plain view included. */
async function embeddingSeconds({ run, embedder }: RunContext, state: TrainingState): Promise<number> {
  const count = Math.min(run.samples.count, 512);
  const embed = () =>
    embedder.embed(state, count, (index, out, offset) => run.views.plain(run.samples.read(index), out, offset));
  await embed(); // the engine gets its memory in the first
  const before = run.now();
  await embed();
  return (run.now() - before) / 1000 / count;
}

/** Embedding what whitening is fitted on, fitting it, and a second for the export. */
function endingSeconds({ run, settings, embedder }: RunContext, embedding: number): number {
  if (!needsWhitening(settings, embedder.dimension)) return 1;
  const fitted = Math.min(FITTED_AT_MOST, run.samples.count);
  return 1 + fitted * embedding + fittingSeconds(fitted, embedder.dimension, settings.dimension);
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)]!;
}
