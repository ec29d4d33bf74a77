import { describe, expect, it } from 'vitest';
import { minimise } from '../../src/core/minimise.js';
import { Random } from '../../src/core/random.js';
import { linearProbe } from '../../src/evaluation/linear-probe.js';
import type { Rows } from '../../src/evaluation/rows.js';

/** Gaussian clouds around one centre a class. */
function clouds(perClass: number, classes: number, dimension: number, spread: number, random: Random) {
  const centres = Array.from({ length: classes }, () => Array.from({ length: dimension }, () => random.normal()));
  const draw = () => {
    const labels = Int32Array.from({ length: perClass * classes }, (_, i) => i % classes);
    const values = new Float32Array(labels.length * dimension);
    labels.forEach((label, i) => {
      for (let k = 0; k < dimension; k++) values[i * dimension + k] = centres[label]![k]! + spread * random.normal();
    });
    return { rows: { values, dimension } satisfies Rows, labels };
  };
  return { training: draw(), test: draw() };
}

/** The same objective by plain gradient descent, thousands of small steps. */
function probeByTheBook(rows: Rows, labels: Int32Array, classes: number, decay: number): (row: number[]) => number {
  const { dimension, values } = rows;
  const count = labels.length;
  const x = Array.from(labels, (_, i) => Array.from(values.subarray(i * dimension, (i + 1) * dimension)));
  const mean = Array.from({ length: dimension }, (_, k) => x.reduce((s, row) => s + row[k]!, 0) / count);
  const std = mean.map((m, k) => Math.sqrt(x.reduce((s, row) => s + (row[k]! - m) ** 2, 0) / count));
  const scaled = (row: number[]) => [...row.map((value, k) => (value - mean[k]!) / std[k]!), 1];
  const w = Array.from({ length: classes }, () => Array<number>(dimension + 1).fill(0));
  const logits = (row: number[]) => w.map((weights) => weights.reduce((s, value, k) => s + value * row[k]!, 0));
  const z = x.map(scaled);
  for (let round = 0; round < 3000; round++) {
    const gradient = w.map((weights) => weights.map((value, k) => (k < dimension ? decay * value : 0)));
    z.forEach((row, i) => {
      const e = logits(row).map(Math.exp);
      const total = e.reduce((a, b) => a + b, 0);
      gradient.forEach((line, c) => {
        line.forEach((_, k) => {
          line[k]! += ((e[c]! / total - Number(c === labels[i])) * row[k]!) / count;
        });
      });
    });
    w.forEach((weights, c) => {
      weights.forEach((_, k) => {
        weights[k]! -= 0.5 * gradient[c]![k]!;
      });
    });
  }
  return (row) => {
    const scores = logits(scaled(row));
    return scores.indexOf(Math.max(...scores));
  };
}

describe('linear probe', () => {
  it('agrees with gradient descent on the same objective', () => {
    const { training, test } = clouds(30, 3, 4, 0.9, new Random(1));
    const probe = linearProbe(training.rows, training.labels, { decay: 0.01, iterations: 200 });
    const book = probeByTheBook(training.rows, training.labels, 3, 0.01);

    const expected = Array.from(test.labels, (_, i) => book(Array.from(test.rows.values.subarray(i * 4, i * 4 + 4))));
    expect([...probe.predict(test.rows)]).toEqual(expected);
  });

  it('tells clouds that a plane can part, whatever the scale of a dimension, and a constant one', () => {
    const { training, test } = clouds(60, 4, 8, 0.3, new Random(2));
    const stretch = (rows: Rows): Rows => ({
      dimension: 8,
      values: rows.values.map((value, at) => (at % 8 === 0 ? 5 : at % 8 === 1 ? value * 1e4 : value)),
    });
    const probe = linearProbe(stretch(training.rows), training.labels);
    expect(probe.accuracy(stretch(test.rows), test.labels)).toBeGreaterThan(0.95);
  });

  it('learns nothing from labels that say nothing', () => {
    const random = new Random(3);
    const { training, test } = clouds(100, 4, 8, 0.3, random);
    const noise = training.labels.map(() => random.int(4));
    expect(
      linearProbe(training.rows, noise).accuracy(
        test.rows,
        test.labels.map(() => random.int(4)),
      ),
    ).toBeLessThan(0.35);
  });
});

describe('minimise', () => {
  it('finds the bottom of the Rosenbrock valley', () => {
    const found = minimise(
      (p, g) => {
        const [x, y] = [p[0]!, p[1]!];
        g[0] = -2 * (1 - x) - 400 * x * (y - x * x);
        g[1] = 200 * (y - x * x);
        return (1 - x) ** 2 + 100 * (y - x * x) ** 2;
      },
      Float64Array.from([-1.2, 1]),
      200,
    );
    expect(found[0]).toBeCloseTo(1, 4);
    expect(found[1]).toBeCloseTo(1, 4);
  });

  it('stays where it is at the bottom, and does not change the start', () => {
    const start = Float64Array.from([0, 0]);
    const bowl = (p: Float64Array, g: Float64Array) => {
      p.forEach((x, i) => {
        g[i] = 2 * x;
      });
      return p.reduce((sum, x) => sum + x * x, 0);
    };
    expect([...minimise(bowl, start, 10)]).toEqual([0, 0]);
    minimise(bowl, start, 10);
    expect([...start]).toEqual([0, 0]);
  });
});
