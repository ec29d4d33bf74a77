import { describe, expect, it } from 'vitest';
import { Random } from '../../../src/core/random.js';
import { offPolicy, type Weighed } from '../../../src/recommend/experiments/off-policy.js';
import type { Placed } from '../../../src/recommend/stages/arrange.js';
import { type Exploration, type Exploring, explore } from '../../../src/recommend/stages/explore.js';

/**
 * A world whose truth is known: what is shown as a matter of course is mediocre, of what is tried out some is good and
 * some is bad, and lower places are looked at less. A success depends on item and place alone.
 */
const RATES: Readonly<Record<string, number>> = {
  ...{ h1: 0.5, h2: 0.4, h3: 0.4, h4: 0.3, h5: 0.3, h6: 0.3 },
  ...{ e1: 0.9, e2: 0.8, e3: 0.1, e4: 0.05 },
};
const PLACES = 6;
const looked = (place: number) => 1 / (1 + 0.1 * (place - 1));
const rateOf = (itemId: string, place: number) => (RATES[itemId] ?? 0) * looked(place);

const hit = (itemId: string): Placed => ({
  ...{ itemId, score: 1, given: 1, strategy: 'popular', step: 0, rank: 1, applied: [], folded: [] },
  because: async () => ({}),
});
const head = ['h1', 'h2', 'h3', 'h4', 'h5', 'h6'].map(hit);
function policy(share: number, chances: readonly number[]): (random: Random) => Exploration {
  const exploring: Omit<Exploring, 'random'> = {
    explore: { share, by: 'epsilon', places: PLACES },
    pool: chances.map((chance, i) => ({ hit: hit(`e${i + 1}`), chance })),
    ...{ pinned: new Set<number>(), limits: [], attributesOf: () => ({}), copies: () => false },
  };
  return (random) => explore(head, { ...exploring, random });
}
/** What was done: each of four items as likely, one place in five. */
const logging = policy(0.2, [0.25, 0.25, 0.25, 0.25]);
/** What is asked about: the good ones, more often. */
const other = policy(0.45, [0.5, 0.45, 0.04, 0.01]);
const { chanceOf } = other(new Random(0));

const TRUTH =
  Array.from({ length: PLACES }, (_, i) =>
    Object.keys(RATES).reduce((sum, itemId) => sum + (chanceOf(itemId, i + 1) as number) * rateOf(itemId, i + 1), 0),
  ).reduce((sum, worth) => sum + worth, 0) / PLACES;

/** People who come several times each. */
function log(random: Random, people = 120): Weighed[] {
  return Array.from({ length: people }, (_, person) =>
    Array.from({ length: 1 + random.int(6) }, () =>
      logging(random)
        .shown.slice(0, PLACES)
        .map(
          ({ itemId, propensity }, i): Weighed => ({
            who: String(person),
            weight: (chanceOf(itemId, i + 1) as number) / (propensity as number),
            success: random.chance(rateOf(itemId, i + 1)),
          }),
        ),
    ).flat(),
  ).flat();
}

describe('the worth of another way', () => {
  it('is held by the intervals of IPS and SNIPS in about 95 of 100 logs, and not by that of what was shown', () => {
    const random = new Random(12);
    const logs = 60;
    const held = { shown: 0, ips: 0, snips: 0 };
    const errors = { ips: 0, snips: 0 };
    const means = { shown: 0, ips: 0, snips: 0 };
    for (let i = 0; i < logs; i++) {
      const estimate = offPolicy(log(random), { clip: 10, random: random.fork(String(i)) });
      for (const way of ['shown', 'ips', 'snips'] as const) {
        if (estimate[way].low <= TRUTH && TRUTH <= estimate[way].high) held[way] += 1;
        means[way] += estimate[way].value / logs;
      }
      for (const way of ['ips', 'snips'] as const) errors[way] += (estimate[way].value - TRUTH) ** 2 / logs;
    }

    expect(held.ips / logs).toBeGreaterThan(0.86);
    expect(held.snips / logs).toBeGreaterThan(0.86);
    expect(held.shown / logs).toBeLessThan(0.1);
    expect(Math.abs(means.ips - TRUTH)).toBeLessThan(4 * Math.sqrt(errors.ips / logs));
    expect(TRUTH - means.shown).toBeGreaterThan(0.05);
    expect(errors.snips).toBeLessThan(errors.ips);
  }, 60_000);

  it('is what was shown where nothing is asked about but that', () => {
    const same = log(new Random(1)).map((each) => ({ ...each, weight: 1 }));
    const { shown, ips, snips, clipped, coverage, effective, impressions } = offPolicy(same, {
      ...{ clip: 10, random: new Random(1) },
    });

    for (const estimate of [ips, snips, clipped]) expect(estimate).toEqual(shown);
    expect([coverage, effective]).toEqual([1, impressions]);
  });

  it('is told by hand in a log of three', () => {
    const three: Weighed[] = [
      { who: 'a', weight: 4, success: true },
      { who: 'a', weight: 0, success: true },
      { who: 'b', weight: 1, success: false },
    ];
    const found = offPolicy(three, { clip: 2, random: new Random(1) });

    expect(found).toMatchObject({ impressions: 3, people: 2, coverage: 5 / 3 });
    expect(found.effective).toBeCloseTo(25 / 17, 12);
    expect([found.shown.value, found.ips.value, found.snips.value, found.clipped.value]).toEqual([
      ...[2 / 3, 4 / 3, 4 / 5, 2 / 3],
    ]);
  });

  it('comes with a warning where it rests on little, where much was never shown, and where people are few', () => {
    const few = offPolicy(log(new Random(2), 8), { clip: 10, random: new Random(2) });
    const blind = log(new Random(3), 200).map((each, i) => ({ ...each, weight: i % 2 }));
    const half = offPolicy(blind, { clip: 10, random: new Random(3) });
    const none = offPolicy([{ who: 'a', weight: 0, success: true }], { clip: 10, random: new Random(3) });

    expect(few.warnings.some((warning) => warning.startsWith('Only 8 people'))).toBe(true);
    expect(few.warnings.some((warning) => warning.startsWith('This rests on no more than'))).toBe(true);
    expect(half.warnings).toEqual([
      expect.stringContaining('About 50% of what the other way would show was never shown'),
    ]);
    expect(none.snips.value).toBe(0);
    expect(() => offPolicy([], { clip: 10, random: new Random(1) })).toThrow(RangeError);
  });
});
