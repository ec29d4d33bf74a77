import { describe, expect, it } from 'vitest';
import { Random } from '../../../src/core/random.js';
import { itemFeatures } from '../../../src/training/behaviour/item-features.js';
import { numberIds } from '../../../src/training/behaviour/number-ids.js';
import { holdBack, pairsOf } from '../../../src/training/behaviour/pairs.js';
import { StateActionBatches } from '../../../src/training/behaviour/state-action-batches.js';
import { circleRows, historiesOf } from '../../recommend/behaviour/small-histories.js';

const ITEMS = 40;
const POSITIONS = 3;
const histories = historiesOf([...circleRows(30, ITEMS - 1, 6), [4, 9, 7]], ITEMS); // nobody touches the last item
const pairs = pairsOf(histories);
const { idRows } = numberIds(histories);
/** Each item is given as itself, so that what stands in a batch can be told. */
const features = itemFeatures(
  {
    dimension: ITEMS,
    values: Float32Array.from({ length: ITEMS * ITEMS }, (_, at) => (at % (ITEMS + 1) === 0 ? 1 : 0)),
  },
  undefined,
);
const options = {
  batch: 8,
  drawn: 6,
  positions: POSITIONS,
  dropped: 0.25,
  cut: 0,
  random: new Random(2),
  idRows,
  features,
};
const batches = () => new StateActionBatches(histories, pairs, options);

/** A batch in the items' own numbers. */
function read(step: number) {
  const found = batches().at(step);
  const of = (place: number): number => found.features!.subarray(place * ITEMS, (place + 1) * ITEMS).indexOf(1);
  const candidates = [...found.candidates!].map(of);
  return {
    candidates,
    actions: Array.from({ length: 8 }, (_, row) => {
      const wanted = [...found.targets!].slice(row * candidates.length, (row + 1) * candidates.length);
      expect(wanted.reduce((sum, one) => sum + one, 0)).toBe(1);
      return candidates[wanted.indexOf(1)]!;
    }),
    states: Array.from({ length: 8 }, (_, row) =>
      Array.from({ length: POSITIONS }, (_, step) => row * POSITIONS + step).flatMap((at) =>
        found.weights![at] === 0 ? [] : [of(found.entries![at]!)],
      ),
    ),
    correction: Array.from({ length: 8 }, (_, row) => [
      ...found.correction!.subarray(row * candidates.length, (row + 1) * candidates.length),
    ]),
    /** Rows of the ids of what is in the batch. */
    ids: [...found.ids!].filter((_, place) => of(place) >= 0),
  };
}
const rowOf = (person: number): number[] => [
  ...histories.itemAt.subarray(histories.starts[person], histories.starts[person + 1]),
];

describe('batches of states and actions', () => {
  it('pair an action with the newest entries before it, newest first', () => {
    const { actions, states } = read(0);

    for (const [i, action] of actions.entries()) {
      const fits = Array.from({ length: histories.people }, (_, p) => rowOf(p)).some((row) => {
        const at = row.indexOf(action);
        return (
          at > 0 &&
          states[i]!.join() ===
            row
              .slice(Math.max(0, at - POSITIONS), at)
              .reverse()
              .join()
        );
      });
      expect(fits).toBe(true);
    }
  });

  it('go through every pair once an epoch, in another order each', () => {
    const made = batches();
    const epoch = (from: number) =>
      Array.from({ length: made.stepsPerEpoch }, (_, step) => read(from + step)).flatMap(({ actions, states }) =>
        actions.map((action, i) => `${states[i]!.join()}>${action}`),
      );
    const [first, second] = [epoch(0), epoch(made.stepsPerEpoch)];

    expect(made.stepsPerEpoch).toBe(Math.floor(pairs.positions.length / 8));
    const left = Array.from(pairs.positions, (at, pair) => {
      const from = histories.starts[pairs.people[pair]!]!;
      const state = histories.itemAt.slice(Math.max(from, at - POSITIONS), at).reverse();
      return `${state.join()}>${histories.itemAt[at]}`;
    });
    for (const each of first) {
      expect(left).toContain(each);
      left.splice(left.indexOf(each), 1);
    }
    expect(second).not.toEqual(first);
  });

  it('follow from the seed and the step, whatever was asked before', () => {
    const made = batches();
    made.at(3);

    expect(made.at(7)).toEqual(batches().at(7));
  });

  it('have room for no more items than they need, by eighths of the most there can be', () => {
    const made = batches();
    const part = Math.ceil(made.sizes.items / 8);
    const rooms = Array.from({ length: made.stepsPerEpoch }, (_, step) => {
      const { ids, features: given } = made.at(step);
      const present = [...given!].filter((one) => one === 1).length;
      expect(ids).toHaveLength(Math.min(made.sizes.items, Math.ceil(present / part) * part));
      expect(given).toHaveLength(ids!.length * ITEMS);
      return ids!.length;
    });

    expect(Math.min(...rooms)).toBeLessThan(made.sizes.items);
  });

  it('leave out what is in the state, or was before it, from the wrong answers', () => {
    const { actions, candidates, correction, states } = read(1);

    for (const [i, row] of correction.entries()) {
      for (const [column, item] of candidates.entries())
        if (states[i]!.includes(item)) expect(row[column]).toBe(Math.fround(-1e9));
      expect(row[candidates.indexOf(actions[i]!)]).toBeGreaterThanOrEqual(0);
    }
  });

  it('correct an action’s logit by how often it is among the candidates', () => {
    const made = 600;
    const seen = new Float64Array(ITEMS);
    const expected = new Float64Array(ITEMS);
    for (let step = 0; step < made; step++) {
      const { candidates, correction } = read(step);
      for (const [column, item] of candidates.entries()) {
        seen[item]! += 1 / made;
        const logQ = Math.max(...correction.map((row) => row[column]!));
        if (logQ >= 0) expected[item] = Math.exp(-logQ);
      }
    }

    for (const item of seen.keys())
      if (seen[item]! > 0) expect(Math.abs(seen[item]! - expected[item]!)).toBeLessThan(0.12);
    expect(Math.max(...seen) - Math.min(...seen.filter((share) => share > 0))).toBeGreaterThan(0.2);
  });

  it('draw no wrong answer that nobody ever took, and drop ids at the rate that is asked for', () => {
    const all = Array.from({ length: 100 }, (_, step) => read(step));

    expect(all.some(({ candidates }) => candidates.includes(ITEMS - 1))).toBe(false);
    const known = all.flatMap(({ ids }) => ids);
    const dropped = known.filter((row) => row === 0).length / known.length;
    expect(Math.abs(dropped - 0.25)).toBeLessThan(0.05);
  });
});

describe('pairs', () => {
  it('have no action that is a dislike, or that nothing came before', () => {
    const disliked = { ...histories, weightAt: histories.weightAt.map((weight, at) => (at === 1 ? -1 : weight)) };

    expect(pairs.positions).toHaveLength(histories.itemAt.length - histories.people);
    expect(pairsOf(disliked).positions).not.toContain(1);
  });

  it('that are held back are not learnt from', () => {
    const { pairs: kept, heldBack } = holdBack(pairs, new Random(1));

    expect(heldBack.positions).toHaveLength(Math.floor(0.02 * pairs.positions.length));
    expect([...kept.positions, ...heldBack.positions].sort((a, b) => a - b)).toEqual([...pairs.positions]);
  });
});
