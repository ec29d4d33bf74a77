import { describe, expect, it } from 'vitest';
import type { Checkpoint } from '../../src/training/checkpoint.js';
import { CheckpointSaver, type CheckpointSaverOptions } from '../../src/training/checkpoint-saver.js';
import { NOTHING_SPENT, Stopwatch } from '../../src/training/stopwatch.js';

const at = (step: number) => ({ state: { step } }) as Checkpoint;
const full = () => Object.assign(new Error('write'), { code: 'ENOSPC' });

function saverOf(write: CheckpointSaverOptions['write'], folder: string | undefined = 'somewhere') {
  const notices: string[] = [];
  let time = 0;
  const now = () => time;
  const watch = new Stopwatch(now, NOTHING_SPENT);
  const saver = new CheckpointSaver({ folder, now, watch, notice: (text) => notices.push(text), write: write! });
  return {
    saver,
    notices,
    watch,
    passes: (ms: number) => {
      time += ms;
    },
  };
}

/** A disk that answers when it is told to. */
function slowDisk() {
  const steps: number[] = [];
  let answer: (() => void) | undefined;
  const write = (_: string, { state }: Checkpoint) => {
    steps.push(state.step);
    return new Promise<void>((done) => {
      answer = done;
    });
  };
  return { steps, write, answer: () => answer?.() };
}

describe('CheckpointSaver', () => {
  it('lets the steps go on while a checkpoint is written, and begins no second one meanwhile', async () => {
    const disk = slowDisk();
    const { saver, watch, passes } = saverOf(disk.write);

    const first = at(1);
    expect(await saver.begin(first)).toBe(true);
    passes(40);
    expect(await saver.begin(at(2))).toBe(false);
    expect([saver.holds(first.state), saver.holds(at(2).state)]).toEqual([true, false]);
    disk.answer();
    await saver.settle();
    expect(saver.holds(first.state)).toBe(false);
    expect(await saver.begin(at(3))).toBe(true);
    passes(20);
    disk.answer();
    await saver.settle();

    expect(disk.steps).toEqual([1, 3]);
    expect(saver.cost).toEqual({ count: 2, milliseconds: 30 });
    expect(watch.spent.save).toBe(0);
  });

  it('writes the last checkpoint after the one in the works, and waits for it', async () => {
    const disk = slowDisk();
    const { saver } = saverOf(disk.write);
    await saver.begin(at(1));

    const ended = saver.end(at(2));
    expect(disk.steps).toEqual([1]);
    disk.answer();
    await new Promise(setImmediate);
    expect(disk.steps).toEqual([1, 2]);
    disk.answer();
    await ended;
  });

  it('says that the disk is full, and saves again once it is not', async () => {
    let isFull = true;
    const { saver, notices } = saverOf(async () => {
      if (isFull) throw full();
    });

    await saver.begin(at(7));
    await saver.settle();
    isFull = false;
    await saver.end(at(8));

    expect(notices).toEqual(['The checkpoint of step 7 was not saved (the disk is full). Training goes on.']);
    expect(saver.cost.count).toBe(1);
  });

  it('writes nothing where there is no folder', async () => {
    const disk = slowDisk();
    const saver = new CheckpointSaver({
      folder: undefined,
      now: () => 0,
      watch: new Stopwatch(() => 0, NOTHING_SPENT),
      notice: () => {},
      write: disk.write,
    });

    await saver.end(at(1));

    expect(disk.steps).toEqual([]);
    expect(saver.cost).toEqual({ count: 0, milliseconds: 0 });
  });
});
