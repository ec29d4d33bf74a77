import { describe, expect, it } from 'vitest';
import { AppError } from '../../src/errors.js';
import { type Active, retrain, type Stages } from '../../src/retraining/cycle.js';

/** Stages that note that they were called, and answer as a sound candidate would unless told otherwise. */
function recorded(answers: Partial<Stages<string>> = {}) {
  const calls: string[] = [];
  const noted: Stages<string> = {
    dataset: async () => ({ fingerprint: 'new', count: 120, new: 20 }),
    train: async () => 'candidate',
    judge: async () => ({ accepted: true, why: 'it finds more', figures: { candidateRecall: 0.8 } }),
    publishModel: async () => 'm2',
    buildIndex: async () => ({ indexId: 'i2', recall: 0.97 }),
    activate: async () => true,
    ...answers,
  };
  const stages = Object.fromEntries(
    Object.entries(noted).map(([name, stage]) => [
      name,
      (...args: unknown[]) => {
        calls.push(args.length > 0 && name !== 'train' ? `${name} ${JSON.stringify(args[0])}` : name);
        return (stage as (...args: unknown[]) => unknown)(...args);
      },
    ]),
  ) as unknown as Stages<string>;
  return { calls, stages, names: () => calls.map((call) => call.split(' ')[0]) };
}

const active: Active = { modelId: 'm1', trainedOn: 'old' };
const floors = { recall: 0.95 };

describe('retraining', () => {
  it('goes dataset, train, judge, publish, index, activate, and names what it releases', async () => {
    const { stages, calls } = recorded();

    const outcome = await retrain(stages, active, floors);

    expect(calls).toEqual([
      'dataset',
      'train',
      'judge "candidate"',
      'publishModel "candidate"',
      'buildIndex "m2"',
      'activate {"modelId":"m2","indexId":"i2"}',
    ]);
    expect(outcome).toEqual({
      kind: 'released',
      why: 'it finds more',
      figures: { pictures: 120, newPictures: 20, candidateRecall: 0.8, indexRecall: 0.97 },
      modelId: 'm2',
      indexId: 'i2',
    });
  });

  it('releases a first model where none is active', async () => {
    const { stages, names } = recorded();
    expect((await retrain(stages, undefined, floors)).kind).toBe('released');
    expect(names()).toContain('activate');
  });

  it('says so where another index was released meanwhile', async () => {
    const { stages } = recorded({ activate: async () => false });
    expect(await retrain(stages, active, floors)).toMatchObject({
      kind: 'rejected',
      why: 'another index was released meanwhile',
      indexId: 'i2',
    });
  });

  it('is unchanged, and trains nothing, where the pictures are those of the active model', async () => {
    const { stages, names } = recorded({ dataset: async () => ({ fingerprint: 'old', count: 100, new: 0 }) });
    expect(await retrain(stages, active, floors)).toMatchObject({ kind: 'unchanged', figures: { pictures: 100 } });
    expect(names()).toEqual(['dataset']);
  });

  it('rejects what the judge rejects, before anything is published', async () => {
    const judge = async () => ({ accepted: false, why: 'clearly worse', figures: { candidateRecall: 0.1 } });
    const { stages, names } = recorded({ judge });
    expect(await retrain(stages, active, floors)).toEqual({
      kind: 'rejected',
      why: 'clearly worse',
      figures: { pictures: 120, newPictures: 20, candidateRecall: 0.1 },
    });
    expect(names()).toEqual(['dataset', 'train', 'judge']);
  });

  it.each([0.949, Number.NaN])('rejects an index of recall %d, and switches nothing', async (recall) => {
    const { stages, names } = recorded({ buildIndex: async () => ({ indexId: 'i2', recall }) });
    const outcome = await retrain(stages, active, floors);
    expect(outcome).toMatchObject({ kind: 'rejected', modelId: 'm2', indexId: 'i2' });
    expect(outcome.why).toContain('95.0% is the least');
    expect(names()).not.toContain('activate');
  });

  it.each(['TRAINING_COLLAPSED', 'TRAINING_DIVERGED'] as const)('rejects a run that ends with %s', async (code) => {
    const { stages, names } = recorded({
      train: async () => {
        throw new AppError(code, { saw: 'one dimension is left' });
      },
    });
    const outcome = await retrain(stages, active, floors);
    expect(outcome).toMatchObject({ kind: 'rejected' });
    expect(outcome.why).toContain('one dimension is left');
    expect(names()).toEqual(['dataset', 'train']);
  });

  it.each(['dataset', 'train', 'judge', 'publishModel', 'buildIndex', 'activate'] as const)(
    'throws what %s throws, and does nothing after it',
    async (name) => {
      const failure = new AppError('DISK_FULL', { what: name });
      const { stages, names } = recorded({
        [name]: async () => {
          throw failure;
        },
      });
      await expect(retrain(stages, active, floors)).rejects.toBe(failure);
      expect(names().at(-1)).toBe(name);
    },
  );
});
