/** How the learning rate goes over a run of `steps`. */
export interface Schedule {
  readonly steps: number;
  readonly peak: number;
  /** Steps over which the rate rises from almost nothing; at most a tenth of the run. */
  readonly warmUp: number;
  /** Where the cosine ends, as a share of the peak. */
  readonly floor: number;
  /** Share of all of it, 1 where absent. */
  readonly share?: number;
}

/**
 * The rate of step `step` (from 0): a straight rise, then half a cosine from the peak to the floor.
 * Loshchilov and Hutter 2017, "SGDR", eq. 5 without restarts. arXiv:1608.03983
 */
export function learningRate({ share = 1, ...schedule }: Schedule, step: number): number {
  return share * unlowered(schedule, step);
}

function unlowered({ steps, peak, warmUp, floor }: Omit<Schedule, 'share'>, step: number): number {
  const rise = Math.min(warmUp, Math.floor(steps / 10));
  if (step < rise) return (peak * (step + 1)) / (rise + 1);
  const done = steps - 1 > rise ? Math.min(1, (step - rise) / (steps - 1 - rise)) : 0;
  return peak * (floor + ((1 - floor) * (1 + Math.cos(Math.PI * done))) / 2);
}
