import type { CurvePoint } from '../src/registry/registry.js';
import { figure, type Row } from './row.js';

/** Shares of a run after which its quality is shown. */
const AFTER = [1 / 8, 1 / 4, 1 / 2, 1];

/** Quality over minutes: a score of the looks nearest to these shares of the run, of what an export would give by then. */
export function curveRows(set: string, curve: readonly CurvePoint[], score: string, unit: string): readonly Row[] {
  const end = curve.at(-1)?.seconds ?? 0;
  const nearest = AFTER.map((share) =>
    curve.reduce((best, point) =>
      Math.abs(point.seconds - share * end) < Math.abs(best.seconds - share * end) ? point : best,
    ),
  );
  return [...new Set(nearest)].map((point) =>
    figure(`${set}/after-${(point.seconds / 60).toFixed(1)}-min`, point[score]!, unit),
  );
}
