import { describe, expect, it } from 'vitest';
import { Random } from '../../../src/core/random.js';
import { codeEvents, type Histories, historyOf } from '../../../src/recommend/behaviour/histories.js';
import { type HeldOut, holdOutByTime, holdOutLast, holdOutRandom } from '../../../src/recommend/behaviour/hold-out.js';
import { historiesOf } from './small-histories.js';

/** 40 people of 3 to 30 events, some on items they had touched before. */
function someLog(): Histories {
  const random = new Random(2);
  const events = Array.from({ length: 40 }, (_, person) =>
    Array.from({ length: 3 + random.int(28) }, () => ({
      person: String(person),
      itemId: String(random.int(25)),
      kind: random.chance(0.1) ? 'dislike' : 'view',
      time: random.int(1000),
    })),
  ).flat();
  return codeEvents(events, { weights: { view: 1, dislike: -4 } }).log;
}

const rowOf = ({ train }: HeldOut, person: number) => [...historyOf(train, person).items];

describe('holding out', () => {
  it('asks for the last new item, and lets nothing of that person be seen from it on', () => {
    const log = historiesOf([[3, 1, 3, 2, 1], [4], [5, 6]], 7);

    const last = holdOutLast(log);
    expect(last.questions).toEqual([
      { person: 0, targets: [2] },
      { person: 2, targets: [6] },
    ]);
    expect(rowOf(last, 0)).toEqual([1, 3]);
    expect(rowOf(last, 1)).toEqual([4]);
    expect(rowOf(last, 2)).toEqual([5]);
    expect(holdOutLast(log, 1).questions).toEqual([{ person: 0, targets: [1] }]);
  });

  it.each([0, 1, 2])('never lets the future in: %d from the last', (back) => {
    const log = someLog();
    const { train, questions } = holdOutLast(log, back);

    expect(questions.length).toBeGreaterThan(20);
    for (const { person, targets } of questions) {
      const row = log.itemAt.subarray(log.starts[person], log.starts[person + 1]);
      const asked = log.timeAt[log.starts[person]! + row.indexOf(targets[0]!)]!;
      const times = train.timeAt.subarray(train.starts[person], train.starts[person + 1]);
      expect(Math.max(...times)).toBeLessThanOrEqual(asked);
      expect(rowOf({ train, questions }, person)).not.toContain(targets[0]);
    }
  });

  it('cuts everybody at one moment', () => {
    const log = someLog();
    const { train, questions } = holdOutByTime(log, 0.8);
    const moment = log.timeAt.toSorted()[Math.floor(log.timeAt.length * 0.8)]!;

    expect(Math.max(...train.timeAt)).toBeLessThan(moment);
    expect(train.timeAt.length).toBeGreaterThan(0.5 * log.timeAt.length);
    expect(questions.length).toBeGreaterThan(20);
    for (const { person, targets } of questions) expect(rowOf({ train, questions }, person)).not.toContain(targets[0]);
  });

  it('draws a share of each person’s items, with all that they did with them', () => {
    const log = historiesOf([[1, 2, 3, 4, 5, 1, 2, 3, 4, 5], [6]], 7);
    const held = holdOutRandom(log, 0.4, new Random(1));

    expect(held.questions).toHaveLength(1);
    const { targets } = held.questions[0]!;
    expect(targets).toHaveLength(2);
    expect([...targets, ...rowOf(held, 0)].toSorted()).toEqual([1, 2, 3, 4, 5]);
    expect(holdOutRandom(log, 0.4, new Random(1))).toEqual(held);
  });
});
