import { dot } from './vectors.js';

/** Value at a point; writes the gradient there into the second argument. */
export type Objective = (point: Float64Array, gradient: Float64Array) => number;

/** Pairs of steps and gradient changes that stand for the curvature. */
const MEMORY = 10;

/**
 * Limited-memory BFGS with backtracking. Nocedal and Wright 2006, "Numerical Optimization", algorithms 7.4 and 3.1.
 * Ends after `iterations`, where the gradient is gone, or where no step along the direction lowers the value.
 */
export function minimise(objective: Objective, start: Float64Array, iterations: number): Float64Array {
  let point: Float64Array = start.slice();
  let gradient: Float64Array = new Float64Array(point.length);
  let value = objective(point, gradient);
  const memory: { step: Float64Array; change: Float64Array; inverse: number }[] = [];
  for (let round = 0; round < iterations; round++) {
    const direction = descent(gradient, memory);
    const slope = dot(gradient, direction);
    if (slope > -1e-14) break;
    let length = round === 0 ? Math.min(1, 1 / Math.sqrt(-slope)) : 1;
    const nextGradient = new Float64Array(point.length);
    let next = along(point, direction, length);
    let nextValue = objective(next, nextGradient);
    while (!(nextValue <= value + 1e-4 * length * slope) && length > 1e-10) {
      length /= 2;
      next = along(point, direction, length);
      nextValue = objective(next, nextGradient);
    }
    if (!(nextValue < value)) break;
    const step = next.map((x, i) => x - point[i]!);
    const change = nextGradient.map((g, i) => g - gradient[i]!);
    const curvature = dot(step, change);
    if (curvature > 1e-12) memory.push({ step, change, inverse: 1 / curvature });
    if (memory.length > MEMORY) memory.shift();
    [point, gradient, value] = [next, nextGradient, nextValue];
  }
  return point;
}

const along = (point: Float64Array, direction: Float64Array, length: number): Float64Array =>
  point.map((x, i) => x + length * direction[i]!);

/** The two-loop recursion: minus the approximate inverse Hessian times the gradient. */
function descent(
  gradient: Float64Array,
  memory: readonly { step: Float64Array; change: Float64Array; inverse: number }[],
): Float64Array {
  const q = gradient.slice();
  const shares: number[] = [];
  for (let m = memory.length - 1; m >= 0; m--) {
    const { step, change, inverse } = memory[m]!;
    const share = inverse * dot(step, q);
    shares[m] = share;
    for (let i = 0; i < q.length; i++) q[i]! -= share * change[i]!;
  }
  const newest = memory.at(-1);
  const scale = newest ? 1 / (newest.inverse * dot(newest.change, newest.change)) : 1;
  for (let i = 0; i < q.length; i++) q[i]! *= scale;
  memory.forEach(({ step, change, inverse }, m) => {
    const share = shares[m]! - inverse * dot(change, q);
    for (let i = 0; i < q.length; i++) q[i]! += share * step[i]!;
  });
  return q.map((x) => -x);
}
