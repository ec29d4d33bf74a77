import { tensor2d } from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { dot, unit } from '../../../src/core/vectors.js';
import { loadCpuBackend } from '../../../src/tensor/cpu-backend.js';
import { onCpu } from '../../../src/tensor/on-cpu.js';
import { actionLoss } from '../../../src/training/behaviour/action-loss.js';
import { sampleRows } from '../rows.js';

interface Given {
  readonly states: readonly Float32Array[];
  readonly actions: readonly Float32Array[];
  readonly targets: readonly number[];
  readonly correction: readonly (readonly number[])[];
}

/** Equation 3 of the paper, typed out with no shortcut. */
function byTheBook({ states, actions, targets, correction }: Given, temperature: number): number {
  const losses = states.map((state, i) => {
    const logits = actions.map((action, j) => dot(state, action) / temperature + correction[i]![j]!);
    return -Math.log(Math.exp(logits[targets[i]!]!) / logits.reduce((sum, logit) => sum + Math.exp(logit), 0));
  });
  return losses.reduce((sum, loss) => sum + loss, 0) / losses.length;
}

const rows = (of: readonly Float32Array[]) => tensor2d(of.map((row) => [...row]));
const value = ({ states, actions, targets, correction }: Given, temperature: number): number =>
  onCpu(
    () =>
      actionLoss({ temperature })({
        states: rows(states),
        actions: rows(actions),
        targets: tensor2d(targets.map((own) => actions.map((_, j) => (j === own ? 1 : 0)))),
        correction: tensor2d(correction.map((row) => [...row])),
      }).dataSync()[0]!,
  );

const units = (count: number, seed: number) => sampleRows(count, 5, seed).map((row) => Float32Array.from(unit(row)));
const given: Given = {
  states: units(4, 1),
  actions: units(6, 2),
  targets: [0, 1, 2, 0],
  correction: [0, 1, 2, 3].map((i) => [0.5, 1, 3, 2, 0.1, i === 2 ? -1e9 : 4]),
};

beforeAll(loadCpuBackend);

describe('the loss over states and actions', () => {
  it.each([0.1, 0.5, 2])('agrees with the paper at temperature %d', (temperature) => {
    expect(value(given, temperature)).toBeCloseTo(byTheBook(given, temperature), 4);
  });

  it('is log C where all C actions are the same and as likely to be drawn', () => {
    const same = {
      ...given,
      actions: given.actions.map(() => given.actions[0]!),
      correction: given.correction.map(() => [1, 1, 1, 1, 1, 1]),
    };

    expect(value(same, 0.1)).toBeCloseTo(Math.log(6), 4);
  });

  it('does not see an action that is left out', () => {
    const without = {
      ...given,
      actions: given.actions.slice(0, 5),
      correction: given.correction.map((row) => row.slice(0, 5)),
    };
    const left = { ...given, correction: given.correction.map((row) => row.with(5, -1e9)) };

    expect(value(left, 0.2)).toBeCloseTo(value(without, 0.2), 5);
  });
});
