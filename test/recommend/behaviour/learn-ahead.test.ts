import { describe, expect, it } from 'vitest';
import type { ProgressReport } from '../../../src/core/progress.js';
import { silent } from '../../../src/core/progress.js';
import { AppError } from '../../../src/errors.js';
import type { Histories } from '../../../src/recommend/behaviour/histories.js';
import { learnAhead } from '../../../src/recommend/behaviour/learn-ahead.js';
import type { LearnTower } from '../../../src/recommend/behaviour/tower.js';
import { learnTower } from './learn-tower.js';
import { circleRows, historiesOf } from './small-histories.js';

const log = (seed: number): Histories => historiesOf(circleRows(90, 20, 8, seed), 20);

/** Learns for real, and says how many did so at the same time. */
function counted() {
  const seen = { now: 0, most: 0, asked: [] as Histories[] };
  const learn: LearnTower = async (histories, given) => {
    seen.asked.push(histories);
    seen.most = Math.max(seen.most, ++seen.now);
    return learnTower(histories, given).finally(() => {
      seen.now--;
    });
  };
  return { seen, learn };
}

describe('towers that are learnt ahead', () => {
  it.each([1, 2, 3])('are those that one after another gives, %d at once', async (atOnce) => {
    const all = [log(1), log(2), log(3)];
    const { seen, learn } = counted();

    const ahead = learnAhead(all, learn, { atOnce, progress: silent });
    const found = await Promise.all(all.map((histories) => ahead.learn(histories, {})));
    await ahead.end();

    expect(seen).toEqual({ now: 0, most: atOnce, asked: all });
    for (const [i, histories] of all.entries()) expect(found[i]).toEqual(await learnTower(histories, {}));
  });

  it('leave the tower of any other log to whoever asks', async () => {
    const { seen, learn } = counted();
    const ahead = learnAhead([log(1)], learn, { atOnce: 1, progress: silent });
    const other = log(4);

    expect(await ahead.learn(other, {})).toEqual(await learnTower(other, {}));
    await ahead.end();
    expect(seen.asked).toContain(other);
  });

  it('say how far all of them are, and never go back', async () => {
    const said: ProgressReport[] = [];
    const all = [log(1), log(2)];
    const ahead = learnAhead(all, learnTower, { atOnce: 2, progress: (report) => said.push(report) });
    await Promise.all(all.map((histories) => ahead.learn(histories, {})));
    await ahead.end();

    const done = said.map((report) => report.done);
    expect(done).toEqual(done.toSorted((a, b) => a - b));
    expect(said.at(-1)).toEqual({ stage: 'towers', done: 100, total: 100, unit: '%' });
  });

  it('stop at the end, those that wait for their turn too', async () => {
    const all = [log(1), log(2), log(3)];
    const { seen, learn } = counted();
    const ahead = learnAhead(all, learn, { atOnce: 2, progress: silent });
    await expect.poll(() => seen.now).toBe(2);

    await ahead.end();

    expect(seen.now).toBe(0);
    for (const histories of all) await expect(ahead.learn(histories, {})).rejects.toMatchObject({ code: 'CANCELLED' });
    expect(seen.asked).toHaveLength(2);
  });

  it('stop where the fit is stopped', async () => {
    const stop = new AbortController();
    const { seen, learn } = counted();
    const [first] = [log(1)];
    const ahead = learnAhead([first], learn, { atOnce: 1, progress: silent, signal: stop.signal });
    await expect.poll(() => seen.now).toBe(1);

    stop.abort();

    await expect(ahead.learn(first, {})).rejects.toMatchObject({ code: 'CANCELLED' });
    await ahead.end();
  });

  it('tell a failure to whoever asks for that tower, and to nobody else', async () => {
    const [good, bad] = [log(1), log(2)];
    const learn: LearnTower = async (histories, given) => {
      if (histories === bad) throw new AppError('TRAINING_DIVERGED', { saw: 'at step 3 the loss was NaN.' });
      return learnTower(histories, given);
    };
    const ahead = learnAhead([bad, good], learn, { atOnce: 1, progress: silent });

    expect(await ahead.learn(good, {})).toEqual(await learnTower(good, {}));
    await expect(ahead.learn(bad, {})).rejects.toMatchObject({ code: 'TRAINING_DIVERGED' });
    await ahead.end();
  });
});
