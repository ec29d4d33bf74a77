import { spawn } from 'node:child_process';
import { mkdir, readdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { fingerprint } from '../src/core/fingerprint.js';
import type { Random } from '../src/core/random.js';
import { sourceLoader } from '../src/core/start-process.js';

/** What the command reports of its steps. */
const STEP = /training: (\d+)\//;
const ENTRY = new URL('../src/cli/main.ts', import.meta.url);

export interface KilledTraining {
  /** Folder of pictures. */
  readonly pictures: string;
  /** Scratch folder of its own. */
  readonly folder: string;
  readonly steps: number;
  /** More arguments of `kindred train`. */
  readonly args?: readonly string[];
}

/** When a process is killed: so long after it started, or after it has reported a step. */
export interface Moment {
  readonly since: 'start' | 'first step';
  readonly milliseconds: number;
}

export interface Trained {
  /** Hash of `parameters.bin`: weights and running statistics. */
  readonly parameters: string;
  /** Hash of `encoder.onnx`. */
  readonly encoder: string;
  /** How often it was killed. */
  readonly kills: number;
  /** Steps from which it went on, one a kill; 0 where there was nothing to go on from yet. */
  readonly resumedAt: readonly number[];
  readonly milliseconds: number;
}

/** `kindred train` as a user runs it, killed at the moments given, one a process, and resumed till it is done. */
export async function killedTraining(training: KilledTraining, moments: readonly Moment[]): Promise<Trained> {
  const { folder } = training;
  await mkdir(folder, { recursive: true });
  const from = performance.now();
  const resumedAt: number[] = [];
  let kills = 0;
  for (;;) {
    const ended = await runOnce(training, kills > 0, moments[kills]);
    if (kills > 0) resumedAt.push(ended.firstStep);
    if (!ended.killed) break;
    kills++;
  }
  const milliseconds = performance.now() - from;
  const models = join(folder, 'models');
  const [model] = (await readdir(models)).filter((name) => !name.startsWith('.'));
  const hash = async (file: string) => fingerprint(await readFile(join(models, model!, file)));
  const outcome = { parameters: await hash('parameters.bin'), encoder: await hash('encoder.onnx') };
  await rm(folder, { recursive: true, force: true });
  return { ...outcome, kills, resumedAt, milliseconds };
}

async function runOnce(
  { pictures, folder, steps, args = [] }: KilledTraining,
  resume: boolean,
  moment: Moment | undefined,
): Promise<{ killed: boolean; firstStep: number }> {
  const command = ['train', pictures, '--only-model', '--steps', String(steps), '--save-every', '0.05', ...args];
  const child = spawn(
    process.execPath,
    [...sourceLoader(ENTRY), fileURLToPath(ENTRY), ...command, ...(resume ? ['--resume'] : [])],
    {
      env: { ...process.env, KINDRED_DATA: join(folder, 'data'), KINDRED_MODELS: join(folder, 'models') },
      stdio: ['ignore', 'ignore', 'pipe'],
    },
  );
  let said = '';
  const early = new AbortController();
  let counting = false;
  function count(now: Moment['since']): void {
    if (moment?.since !== now || counting) return;
    counting = true;
    pause(moment.milliseconds, undefined, { signal: early.signal }).then(
      () => child.kill('SIGKILL'),
      () => {},
    );
  }
  count('start');
  child.stderr.on('data', (chunk: Buffer) => {
    said += chunk.toString();
    if (STEP.test(said)) count('first step');
  });
  const closed = new Promise<number | null>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', resolve);
  });
  const code = await closed;
  early.abort();
  if (code !== 0 && child.signalCode !== 'SIGKILL') throw new Error(`Training ended with code ${code}:\n${said}`);
  const first = STEP.exec(said)?.[1];
  return { killed: code !== 0, firstStep: first === undefined ? 0 : Number(first) - 1 };
}

/** Moments to kill at: anywhere in the life of a process, or in its steps; sometimes several, one after the other. */
export function momentsToKill(random: Random, milliseconds: number): Moment[] {
  const any = (): Moment =>
    random.chance(0.3)
      ? { since: 'start', milliseconds: random.between(0, milliseconds) }
      : { since: 'first step', milliseconds: random.between(0, 0.3 * milliseconds) };
  const moments = [any()];
  while (moments.length < 4 && random.chance(0.4)) moments.push(any());
  return moments;
}
