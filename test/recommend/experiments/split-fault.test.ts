import { describe, expect, it } from 'vitest';
import { splitFault } from '../../../src/recommend/experiments/split-fault.js';

describe('a split that is not as the shares say', () => {
  // Chi-square with 1 degree of freedom passes 10.83 in one of a thousand samples: 10,000 ± 165 or so.
  it.each([
    [[5_000, 5_000], false],
    [[5_130, 4_870], false],
    [[5_250, 4_750], true],
    [[1, 0], false],
    [[0, 0], false],
  ])('of %j people into halves: %s', (people, fault) => {
    expect(splitFault(people.map((count) => ({ people: count, share: 0.5 })))).toBe(fault);
  });

  it('counts only variants that take part', () => {
    const groups = [
      { people: 900, share: 0.9 },
      { people: 100, share: 0.1 },
      { people: 0, share: 0 },
    ];

    expect(splitFault(groups)).toBe(false);
    expect(splitFault(groups.slice(0, 1))).toBe(false);
    expect(
      splitFault([
        { people: 700, share: 0.9 },
        { people: 300, share: 0.1 },
      ]),
    ).toBe(true);
  });
});
