import { describe, expect, it } from 'vitest';
import { Random } from '../../src/core/random.js';
import {
  type Calibration,
  confidence,
  FEWEST,
  fitCalibration,
  RATES,
  SAME_VECTOR,
  similarityAt,
} from '../../src/indexing/calibration.js';

/** 1 − similarity is log-normal, as it is measured for pictures: copies e times as near where `near` is 1 more. */
function drawn(count: number, near: number, seed: number): number[] {
  const random = new Random(seed);
  return Array.from({ length: count }, () => 1 - Math.exp(-near + random.normal()));
}
const fitted = async (copies: readonly number[], others: readonly number[]): Promise<Calibration> =>
  (await fitCalibration(copies, others, 0))!;
const logOdds = (p: number) => Math.log(p / (1 - p));

describe('the curve of a calibration', async () => {
  const calibration = await fitted(drawn(200, 4, 1), drawn(3000, 2, 2));

  it('is the true one where both distances are log-normal: slope 2 and even odds half-way, by Bayes', async () => {
    const large = await fitted(drawn(20_000, 4, 3), drawn(20_000, 2, 4));

    expect(large.curve.slope).toBeCloseTo(2, 1);
    expect(-large.curve.offset / large.curve.slope).toBeCloseTo(3, 1);
  });

  it('never falls, from about 0 to 1', () => {
    const values = Array.from({ length: 2001 }, (_, i) => confidence(calibration, -1 + i / 1000));

    expect(values).toEqual([...values].sort((a, b) => a - b));
    expect(values[0]).toBeLessThan(0.01);
    expect(values.at(-1)).toBe(1);
  });

  it('says as often as it is so, on pairs that it has not seen', () => {
    const pairs = [
      ...drawn(5000, 4, 5).map((similarity) => ({ similarity, copy: 1 })),
      ...drawn(5000, 2, 6).map((similarity) => ({ similarity, copy: 0 })),
    ];
    for (const [low, high] of [
      [0, 0.2],
      [0.2, 0.5],
      [0.5, 0.8],
      [0.8, 1.01],
    ] as const) {
      const held = pairs
        .map((pair) => ({ ...pair, said: confidence(calibration, pair.similarity) }))
        .filter(({ said }) => said >= low && said < high);
      const mean = (of: (pair: (typeof held)[number]) => number) =>
        held.reduce((sum, pair) => sum + of(pair), 0) / held.length;

      expect(held.length).toBeGreaterThan(200);
      expect(Math.abs(mean(({ said }) => said) - mean(({ copy }) => copy))).toBeLessThan(0.07);
    }
  });

  it.each([0.001, 0.05, 0.5, 0.9, 0.999])('is asked the other way round at %d', (wanted) => {
    expect(confidence(calibration, similarityAt(calibration, wanted))).toBeCloseTo(wanted, 9);
  });

  it('lets everything pass at 0, and at 1 the same vector alone', () => {
    expect(similarityAt(calibration, 0)).toBe(-1);
    expect(similarityAt(calibration, 1)).toBe(SAME_VECTOR);
    expect(confidence(calibration, SAME_VECTOR)).toBe(1);
  });

  it('is finite where copies and others do not overlap at all', async () => {
    const { curve } = await fitted(
      Array.from({ length: 50 }, (_, i) => 0.999 + i / 1e6),
      Array.from({ length: 50 }, (_, i) => 0.2 + i / 1e3),
    );
    const p = confidence({ curve } as Calibration, 0.95);

    expect(curve.slope).toBeGreaterThan(0);
    expect(Math.abs(logOdds(p))).toBeLessThan(20);
  });

  it.each([
    ['too few copies', drawn(FEWEST - 1, 4, 1), drawn(100, 2, 2)],
    ['too few others', drawn(100, 4, 1), drawn(FEWEST - 1, 2, 2)],
    ['copies that are no closer than others', drawn(100, 1, 1), drawn(100, 3, 2)],
  ])('is not fitted with %s', async (_why, copies, others) => {
    expect(await fitCalibration(copies, others, 0)).toBeNull();
  });
});

describe('the thresholds of a calibration', () => {
  it.each([
    [98, []],
    [99, [1e-2]],
    [998, [1e-2]],
    [999, [1e-2, 1e-3]],
    [9_998, [1e-2, 1e-3]],
    [9_999, [1e-2, 1e-3, 1e-4]],
  ])('of %d others are those of %j', async (count, rates) => {
    expect((await fitted(drawn(50, 4, 1), drawn(count, 2, 2))).thresholds.map(({ rate }) => rate)).toEqual(rates);
  });

  it('keep their rate on others that they have not seen, on average over draws', async () => {
    const rate = RATES[0];
    const [draws, asked, count] = [200, 500, 300];
    let above = 0;
    for (let draw = 0; draw < draws; draw++) {
      const [threshold] = (await fitted(drawn(FEWEST, 4, 1), drawn(count, 2, 100 + draw))).thresholds;
      above += drawn(asked, 2, 900 + draw).filter((similarity) => similarity > threshold!.similarity).length;
    }
    // The third largest of 300: 3 in 301, give or take 3 standard errors of a mean over 200 draws (0.57% each).
    expect(Math.abs(above / (draws * asked) - 3 / 301)).toBeLessThan((3 * 0.0062) / Math.sqrt(draws));
    expect(3 / 301).toBeLessThanOrEqual(rate);
  });

  it('say how many copies they find', async () => {
    const copies = Array.from({ length: 40 }, (_, i) => (i < 10 ? 0.5 : 0.99));
    const others = Array.from({ length: 99 }, (_, i) => i / 110);

    expect((await fitted(copies, others)).thresholds).toEqual([{ rate: 1e-2, similarity: 98 / 110, finds: 0.75 }]);
  });
});
