import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { writeFileAtomic } from '../core/atomic-files.js';
import { stableJson } from '../core/fingerprint.js';
import { readFloatFile, writeFloatFile } from '../encoder/float-file.js';
import { AppError } from '../errors.js';
import { GuardState, Start, UNTROUBLED } from './collapse-guard.js';
import { Course } from './course.js';
import type { Learner } from './learner.js';
import { memoryLengths } from './memory.js';
import type { Optimiser } from './optimisers/optimiser.js';
import { NOTHING_SPENT } from './stopwatch.js';
import type { TrainingSettings } from './training-settings.js';

/** A look that the guard found sound, to go back to. */
export interface Good {
  readonly state: TrainingState;
  /** How many points the curve had. */
  readonly points: number;
  /** As `Look` says; absent before the first. */
  readonly neighbours?: Int32Array;
}

/** The look whose recall was best, where that is asked for. */
export interface Best {
  readonly step: number;
  /** Smoothed. */
  readonly recall: number;
  readonly parameters: Float32Array;
  readonly statistics: Float32Array;
}

const FILE = 'training.checkpoint';

/** The numbers that change from step to step. */
export interface TrainingState {
  /** Steps done. Batches follow from the seed and this, so no position of a random stream needs keeping. */
  step: number;
  parameters: Float32Array;
  statistics: Float32Array;
  slots: Record<string, Float32Array>;
  /** What the method remembers: a momentum copy, a queue. */
  memory: Record<string, Float32Array>;
}

const Header = z.object({
  kind: z.literal('checkpoint'),
  /** Where the run ends. */
  course: Course.optional(),
  /** The same in a checkpoint of an older version. */
  steps: z.number().optional(),
  step: z.number(),
  /** Seconds of training so far. */
  seconds: z.number(),
  /** Seconds by part; a checkpoint of an older version does not say. */
  spent: z.object({ step: z.number(), views: z.number(), save: z.number(), judge: z.number() }).default(NOTHING_SPENT),
  /** Losses since the last point of the curve, summed up. */
  tally: z.object({ losses: z.number(), steps: z.number() }),
  data: z.string(),
  /** Fingerprint of the parameters that the run started from, null where it started fresh. */
  parent: z.string().nullable(),
  settings: z.record(z.string(), z.unknown()),
  pixels: z.object({ mean: z.array(z.number()), deviation: z.array(z.number()) }),
  curve: z.array(
    z.object({ step: z.number(), epoch: z.number(), seconds: z.number(), loss: z.number() }).catchall(z.number()),
  ),
  guard: GuardState.default(UNTROUBLED),
  /** What was seen before the first step; a checkpoint of an older version does not say. */
  start: Start.optional(),
  /** As the manifest keeps them. */
  interventions: z
    .array(
      z.object({
        step: z.number(),
        action: z.enum(['warn', 'lower-rate', 'restore']),
        says: z.string(),
        rateShare: z.number(),
        backTo: z.number().optional(),
      }),
    )
    .default([]),
});
const About = Header.transform(({ steps = 0, course = { steps }, ...rest }) => ({ ...rest, course }));
type About = z.output<typeof About>;

/** What the header says of the vectors of `good` and `best`. */
const Marks = z.object({
  good: z.object({ step: z.number(), points: z.number() }).optional(),
  best: z.object({ step: z.number(), recall: z.number() }).optional(),
});

/** A run that can go on exactly where it stood. */
export interface Checkpoint extends Omit<About, 'kind' | 'step' | 'settings'> {
  readonly settings: TrainingSettings;
  readonly state: TrainingState;
  /** Of the last point of the curve. */
  readonly neighbours?: Int32Array;
  readonly good: Good;
  readonly best?: Best;
}

/** Written whole or not at all; the one before is replaced. Throws what the file system throws. */
export async function saveCheckpoint(
  folder: string,
  { state, neighbours, good, best, ...about }: Checkpoint,
): Promise<void> {
  const marks = {
    good: { step: good.state.step, points: good.points },
    ...(best && { best: { step: best.step, recall: best.recall } }),
  };
  const header = { kind: 'checkpoint', ...about, step: state.step, ...marks };
  const vectors = {
    ...vectorsOf(state, neighbours),
    ...(good.state !== state && under('good/', vectorsOf(good.state, good.neighbours))),
    ...(best && under('best/', { parameters: best.parameters, statistics: best.statistics })),
  };
  await writeFileAtomic(join(folder, FILE), writeFloatFile({ header, vectors }));
}

/**
 * @returns undefined where there is none
 * @throws AppError CHECKPOINT_INVALID where it is damaged, or belongs to other data or settings
 */
export async function loadCheckpoint(
  folder: string,
  expected: { data: string; parent: string | null; settings: TrainingSettings },
): Promise<Checkpoint | undefined> {
  const bytes = await readFile(join(folder, FILE)).catch((cause: NodeJS.ErrnoException) => {
    if (cause.code === 'ENOENT') return undefined;
    throw cause;
  });
  if (bytes === undefined) return undefined;
  const { about, marks, vectors } = parse(bytes);
  if (about.data !== expected.data) throw new AppError('CHECKPOINT_INVALID', { why: 'it was made on other pictures' });
  if (about.parent !== expected.parent)
    throw new AppError('CHECKPOINT_INVALID', { why: 'it started from other parameters' });
  const differing = differences(about.settings, expected.settings);
  if (differing.length > 0)
    throw new AppError('CHECKPOINT_INVALID', { why: `these settings differ: ${differing.join(', ')}` });
  const { kind: _, step, settings: __, ...rest } = about;
  const here = stateOf(step, vectors);
  const kept = within('good/', vectors);
  const good = {
    // what was never written apart is where the run stands
    ...(marks.good && 'parameters' in kept ? stateOf(marks.good.step, kept) : here),
    points: marks.good?.points ?? about.curve.length,
  };
  const { parameters, statistics } = within('best/', vectors);
  const best = marks.best && parameters && statistics && { ...marks.best, parameters, statistics };
  return { ...rest, ...here, settings: expected.settings, good, ...(best && { best }) };
}

type Vectors = Record<string, Float32Array>;

/** Numbers of neighbours are small enough for a float to hold exactly. */
const vectorsOf = (
  { parameters, statistics, slots, memory }: TrainingState,
  neighbours: Int32Array | undefined,
): Vectors => ({
  parameters,
  statistics,
  ...under('slot/', slots),
  ...under('memory/', memory),
  ...(neighbours && { neighbours: Float32Array.from(neighbours) }),
});

function stateOf(step: number, vectors: Vectors): Pick<Checkpoint, 'state' | 'neighbours'> {
  const { parameters, statistics, neighbours } = vectors;
  const [slots, memory] = [within('slot/', vectors), within('memory/', vectors)];
  return {
    state: { step, parameters: parameters!, statistics: statistics!, slots, memory },
    ...(neighbours && { neighbours: Int32Array.from(neighbours) }),
  };
}

const under = (prefix: string, vectors: Vectors): Vectors =>
  Object.fromEntries(Object.entries(vectors).map(([name, vector]) => [prefix + name, vector]));

function within(prefix: string, vectors: Vectors): Vectors {
  const own = Object.entries(vectors).filter(([name]) => name.startsWith(prefix));
  return Object.fromEntries(own.map(([name, vector]) => [name.slice(prefix.length), vector]));
}

/** Throws CHECKPOINT_INVALID where a vector is missing or has another length than the network and optimiser say. */
export function assertFits({ state }: Checkpoint, learner: Learner, optimiser: Optimiser): void {
  const lengths: [string, Float32Array | undefined, number][] = [
    ['parameters', state.parameters, learner.layout.length],
    ['statistics', state.statistics, learner.statisticsLayout.length],
    ...optimiser.slots.map((name): [string, Float32Array | undefined, number] => [
      name,
      state.slots[name],
      learner.layout.length,
    ]),
    ...Object.entries(memoryLengths(learner)).map(([name, length]): [string, Float32Array | undefined, number] => [
      name,
      state.memory[name],
      length,
    ]),
  ];
  for (const [name, vector, length] of lengths)
    if (vector?.length !== length)
      throw new AppError('CHECKPOINT_INVALID', {
        why: `"${name}" has ${vector?.length ?? 0} numbers, and this network needs ${length}`,
      });
}

function parse(bytes: Uint8Array): { about: About; marks: z.output<typeof Marks>; vectors: Vectors } {
  try {
    const { header, vectors } = readFloatFile(bytes);
    return { about: About.parse(header), marks: Marks.parse(header), vectors: { ...vectors } };
  } catch (cause) {
    throw new AppError(
      'CHECKPOINT_INVALID',
      { why: cause instanceof RangeError ? cause.message : 'it is damaged' },
      { cause },
    );
  }
}

/** Names of the settings that decide the run and are not the same. How often to save decides nothing. */
function differences(saved: Readonly<Record<string, unknown>>, wanted: TrainingSettings): string[] {
  const names = new Set([...Object.keys(saved), ...Object.keys(wanted)]);
  names.delete('checkpointSeconds');
  const all = wanted as Readonly<Record<string, unknown>>;
  return [...names].filter((name) => stableJson(saved[name]) !== stableJson(all[name]));
}
