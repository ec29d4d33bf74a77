import { beforeAll, describe, expect, it } from 'vitest';
import { inWords } from '../../src/cli/commands/compare.js';
import { freshHome } from '../app/drawings-folder.js';
import { sortedDrawings } from '../app/sorted-drawings.js';
import { SHIPPED } from '../shipped-model.js';
import { runKindred } from './run-kindred.js';

let folder: string;
let home: Awaited<ReturnType<typeof freshHome>>;
let hurried: string;
beforeAll(async () => {
  folder = await sortedDrawings(['animals-nature', 'flags', 'food-drink'], 80);
  home = await freshHome();
  const hardly = ['--size', '16', '--batch', '16', '--steps', '1', '--dimension', '4', '--only-model'];
  hurried = (await runKindred(['train', folder, ...hardly], home)).stdout.trim();
});

describe('kindred compare', () => {
  it('finds the model that was trained better than one that was hardly trained, on pictures of either size', async () => {
    const { code, stdout } = await runKindred(
      ['compare', folder, '--model', hurried, '--model', SHIPPED, '--json'],
      home,
    );

    expect(code).toBe(0);
    const { pictures, labels, models, pairs } = JSON.parse(stdout);
    expect([pictures, labels]).toEqual([240, 3]);
    expect(models.map(({ modelId }: { modelId: string }) => modelId)).toEqual([hurried, SHIPPED]);
    expect(pairs).toMatchObject([{ models: [hurried, SHIPPED], better: SHIPPED }]);
    const { mean, low, high } = pairs[0].differences.recallAt1;
    expect(mean).toBeCloseTo(models[0].right.recallAt1 - models[1].right.recallAt1, 9);
    expect([low < mean, mean < high, high < 0]).toEqual([true, true, true]);
  });

  it.each([
    ['a model twice', [SHIPPED, SHIPPED], 'COMPARISON_IMPOSSIBLE', new RegExp(`${SHIPPED} is named twice`)],
    ['one model', [SHIPPED], 'COMPARISON_IMPOSSIBLE', /one model is named/],
    ['a model that is not there', [SHIPPED, 'nobody'], 'MODEL_NOT_FOUND', /"nobody"/],
  ])('refuses %s', async (_what, models, errorCode, says) => {
    const { code, stdout } = await runKindred(['compare', folder, '--json', '--model', ...models], home);

    expect(code).toBe(1);
    const { error } = JSON.parse(stdout);
    expect(error.code).toBe(errorCode);
    expect(error.message).toMatch(says);
  });

  it('refuses pictures of one label', async () => {
    const flags = `${folder}/flags`;
    const { code, stderr } = await runKindred(
      ['compare', flags, '--model', hurried, '--model', SHIPPED, '--label', 'folder'],
      home,
    );

    expect(code).toBe(1);
    expect(stderr).toMatch(/There is nothing to judge by/);
  });
});

describe('a comparison in words', () => {
  const none = { mean: 0, low: -0.01, high: 0.012, chance: 1, certain: false };
  const behind = { mean: -0.031, low: -0.049, high: -0.012, chance: 0.001, certain: true };

  it('names the one that is ahead first, with the difference the right way round', () => {
    const told = inWords({
      models: ['a', 'b'],
      better: 'b',
      differences: { recallAt1: behind, knn: none, linear: none },
    });

    const lines = told.split('\n');
    expect(lines[0]).toBe('b is better than a.');
    expect(lines[1]).toContain('the first one is right more often with b, by +.031 (+.012 to +.049)');
    expect(lines[2]).toMatch(/are right equally often \(−\.010 to \+\.012\), within chance$/);
  });

  it('says so where nothing can be told', () => {
    const differences = { recallAt1: none, knn: none, linear: none };
    expect(inWords({ models: ['a', 'b'], better: null, differences })).toMatch(/^Between a and b.* within chance\.$/m);
  });
});
