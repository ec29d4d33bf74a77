import { expect } from 'vitest';

/** Every number within 1e-5 of its counterpart; the first that is not is named. */
export function expectClose(found: ArrayLike<number>, expected: ArrayLike<number>): void {
  expect(found.length).toBe(expected.length);
  for (let i = 0; i < found.length; i++)
    if (!(Math.abs(found[i]! - expected[i]!) <= 1e-5)) expect.fail(`[${i}] is ${found[i]}, expected ${expected[i]}`);
}
