/** One measured figure, as `npm run bench -- NAME --json` prints it. `what` is a promise: programs look for it. */
export interface Row {
  readonly what: string;
  readonly value: number;
  readonly unit: string;
  /** What the figure must reach, and which way. */
  readonly bar?: number;
  readonly direction?: '>=' | '<=';
  readonly holds?: boolean;
  /** 95% interval, or the range over rounds. */
  readonly low?: number;
  readonly high?: number;
}

/** A row without a bar: a figure to stand beside others. */
export function figure(what: string, value: number, unit: string, range: { low?: number; high?: number } = {}): Row {
  return { what, value, unit, ...range };
}

/** A row that must reach a bar. A value that is not a number does not hold. */
export function barred(
  what: string,
  value: number,
  unit: string,
  direction: '>=' | '<=',
  bar: number,
  range: { low?: number; high?: number } = {},
): Row {
  return { what, value, unit, bar, direction, holds: direction === '>=' ? value >= bar : value <= bar, ...range };
}

/** The mean of several runs and their range; held to at least `bar` where there is one. */
export function averaged(what: string, values: readonly number[], unit: string, bar?: number): Row {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const range = { low: Math.min(...values), high: Math.max(...values) };
  return bar === undefined ? figure(what, mean, unit, range) : barred(what, mean, unit, '>=', bar, range);
}
