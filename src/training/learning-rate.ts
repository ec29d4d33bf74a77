/** How the learning rate goes over a run of `steps`. */
export interface Schedule {
  readonly steps: number;
  readonly peak: number;
  /** Steps over which the rate rises from almost nothing; at most a tenth of the run. */
  readonly warmUp: number;
  /** Where the cosine ends, as a share of the peak. */
  readonly floor: number;
}

/**
 * The rate of step `step` (from 0): a straight rise, then half a cosine from the peak to the floor.
 * Loshchilov and Hutter 2017, "SGDR", eq. 5 without restarts. arXiv:1608.03983
 */
export function learningRate({ steps, peak, warmUp, floor }: Schedule, step: number): number {
  const rise = Math.min(warmUp, Math.floor(steps / 10));
  if (step < rise) return (peak * (step + 1)) / (rise + 1);
  const share = steps - 1 > rise ? Math.min(1, (step - rise) / (steps - 1 - rise)) : 0;
  return peak * (floor + ((1 - floor) * (1 + Math.cos(Math.PI * share))) / 2);
}
