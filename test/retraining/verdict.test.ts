import { describe, expect, it } from 'vitest';
import { Random } from '../../src/core/random.js';
import { SOUND } from '../../src/evaluation/brokenness.js';
import type { ProbeScore } from '../../src/evaluation/probes.js';
import { verdict } from '../../src/retraining/verdict.js';

/** A score with a share of hits on random pictures, sound otherwise. */
function score(recall: number, changes: Partial<ProbeScore> = {}, count = 400): ProbeScore {
  const random = new Random(9);
  const order = random.permutation(count);
  const hits = new Float32Array(count);
  for (let i = 0; i < Math.round(recall * count); i++) hits[order[i]!] = 1;
  return {
    recall,
    low: recall - 0.05,
    high: recall + 0.05,
    hits,
    dimension: 64,
    alignment: 0.3,
    uniformity: -3,
    effectiveRank: 30,
    deviation: 0.12,
    ...changes,
  };
}
const against = (candidate: ProbeScore, rival: ProbeScore) =>
  verdict(candidate, { name: 'the active model', score: rival });

describe('the verdict', () => {
  it('accepts a better, an equal and a little worse candidate', () => {
    for (const recall of [0.9, 0.8, 0.795]) expect(against(score(recall), score(0.8)).accepted).toBe(true);
  });

  it('rejects a clearly worse candidate, and says by how much', () => {
    const { accepted, why, figures } = against(score(0.6), score(0.8));
    expect(accepted).toBe(false);
    expect(why).toMatch(
      /clearly worse than the active model: it finds 60\.0% of the probe views, the active model 80\.0% \(difference −20\.0 points/,
    );
    expect(figures).toMatchObject({ candidateRecall: 0.6, rivalRecall: 0.8 });
    expect(figures.differenceHigh).toBeLessThan(0);
  });

  it('accepts what only seems worse: few pictures make a wide interval', () => {
    expect(against(score(0.7, {}, 10), score(0.8, {}, 10)).accepted).toBe(true);
  });

  it.each([
    ['effective rank', { effectiveRank: 1.2 }, /about 1\.2 of 64 dimensions/],
    ['deviation', { deviation: 0.001 }, /deviate 0\.8%/],
    ['recall', { recall: 0.01 }, /hardly more than chance/],
    ['NaN as effective rank', { effectiveRank: Number.NaN }, /collapsed/],
    ['NaN as deviation', { deviation: Number.NaN }, /collapsed/],
  ])('rejects a candidate by its %s, whether or not a model is active', (_name, change, says) => {
    for (const outcome of [against(score(0.8, change), score(0.8)), verdict(score(0.8, change), undefined)]) {
      expect(outcome.accepted).toBe(false);
      expect(outcome.why).toMatch(says);
    }
  });

  it('rejects collapse even where the active model has collapsed too', () => {
    const collapsed = score(0.8, { effectiveRank: 1 });
    expect(against(collapsed, collapsed).accepted).toBe(false);
  });

  it('accepts a sound candidate where there is nothing to compare with', () => {
    expect(verdict(score(0.5), undefined)).toMatchObject({ accepted: true, why: 'it finds 50.0% of the probe views' });
  });

  it('asks for more hits than chance gives where there are few pictures', () => {
    const few = { ...score(0.2, {}, 8), recall: 3.9 / 15 };
    expect(verdict(few, undefined).accepted).toBe(false);
    expect(verdict({ ...few, recall: (SOUND.timesChance + 0.1) / 15 }, undefined).accepted).toBe(true);
  });

  it('refuses to compare scores of different pictures', () => {
    expect(() => against(score(0.8, {}, 10), score(0.8, {}, 12))).toThrow('Expected 10 probe pictures');
  });
});
