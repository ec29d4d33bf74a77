import { cp, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createEngine } from '../../src/tensor/create-engine.js';
import type { Engine } from '../../src/tensor/engine.js';
import { type TrainingRun, trainEncoder } from '../../src/training/train-encoder.js';
import { toySamples, toySettings, toyViews } from './toy-samples.js';

let engine: Engine;
let folder: string;
beforeAll(async () => {
  engine = await createEngine('onnx', { threads: 1, spin: false });
  folder = await mkdtemp(join(tmpdir(), 'keep-time-'));
});
afterAll(() => rm(folder, { recursive: true }));

const MINUTE = 60_000;

/** A run of a minute on a machine whose clock goes `factor` times as fast from step 200 on. */
function run(factor: number, over: Partial<TrainingRun> = {}) {
  const seen = { time: 0, notices: [] as string[] };
  let tick = 16;
  const given: TrainingRun = {
    samples: toySamples(48),
    views: toyViews(),
    settings: toySettings({ budget: { minutes: 1 }, checkpointSeconds: 1e6 }),
    engine,
    now: () => (seen.time += tick),
    onNotice: (notice) => seen.notices.push(notice),
    ...over,
    progress: (report) => {
      over.progress?.(report);
      if (report.stage === 'training' && report.done === 200) tick *= factor;
    },
  };
  return { seen, given };
}

describe('a run of minutes', () => {
  it.each([
    ['slower', 2],
    ['faster', 0.5],
  ])('ends in time on a machine that becomes %s', async (_, factor) => {
    const { seen, given } = run(factor);

    const { steps, curve } = await trainEncoder(given);

    expect(seen.time).toBeGreaterThan(0.85 * MINUTE);
    expect(seen.time).toBeLessThan(1.05 * MINUTE);
    expect(curve.at(-1)!.step).toBe(steps);
    expect(seen.notices.length).toBeGreaterThan(0);
    for (const notice of seen.notices)
      expect(notice).toMatch(/^A step takes [\d.]+ s now, so [\d,]+ of them fit into the time instead of [\d,]+\.$/);
  });

  it('is resumed on the course that it had taken, though no checkpoint was due since', async () => {
    const [checkpoints, killed] = [join(folder, 'whole'), join(folder, 'killed')];
    let copying: Promise<void> | undefined;
    const { seen, given } = run(1, {
      checkpoints,
      progress: ({ stage, done }) => {
        if (stage === 'training' && done === 150) copying = cp(checkpoints, killed, { recursive: true });
      },
    });
    const whole = await trainEncoder(given);
    await copying;
    expect(seen.notices).toHaveLength(1); // at the first look, step 100

    const totals = new Set<number>();
    const resumed = await trainEncoder(
      run(1, { checkpoints: killed, resume: true, progress: ({ total }) => void totals.add(total!) }).given,
    );

    expect([...totals]).toContain(whole.steps);
    expect(resumed.steps).toBe(whole.steps);
    expect(Buffer.compare(resumed.parameters, whole.parameters)).toBe(0);
  });
});
