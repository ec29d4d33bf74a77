import { describe, expect, it } from 'vitest';
import { createGaussian } from '../../src/augment/blur.js';
import { brightness } from '../../src/augment/brightness.js';
import { contrast } from '../../src/augment/contrast.js';
import { flip } from '../../src/augment/flip.js';
import { grayscale } from '../../src/augment/grayscale.js';
import { hue, hueMatrix } from '../../src/augment/hue.js';
import { invert } from '../../src/augment/invert.js';
import { saturation } from '../../src/augment/saturation.js';
import { LUMA } from '../../src/augment/view.js';
import { Random } from '../../src/core/random.js';
import { expectClose } from './expect-close.js';
import { planesOf } from './sample-of.js';

const shape = { channels: 3, height: 2, width: 4 };
const luma = (planes: Float32Array, i: number): number =>
  LUMA[0] * planes[i]! + LUMA[1] * planes[i + 8]! + LUMA[2] * planes[i + 16]!;

/** The first number a view draws with this seed, spread over 1 ± strength: its factor. */
const factorOf = (seed: number, strength: number): number => new Random(seed).between(1 - strength, 1 + strength);

describe('flip', () => {
  it('mirrors every row of every channel', () => {
    const planes = Float32Array.from({ length: 24 }, (_, i) => i / 24);

    flip.create(1, shape)(planes, new Random(1));

    expect([...planes].map((value) => Math.round(value * 24))).toEqual([
      3, 2, 1, 0, 7, 6, 5, 4, 11, 10, 9, 8, 15, 14, 13, 12, 19, 18, 17, 16, 23, 22, 21, 20,
    ]);
  });
});

describe('brightness', () => {
  it('multiplies every value and cuts at 1', () => {
    const [before, planes] = [planesOf(24), planesOf(24)];

    brightness.create(0.7, shape)(planes, new Random(3));

    expectClose(
      planes,
      before.map((value) => Math.min(1, value * factorOf(3, 0.7))),
    );
  });
});

describe('contrast', () => {
  it('keeps the mean luma and scales the distance to it', () => {
    const planes = Float32Array.from({ length: 24 }, (_, i) => 0.4 + (i % 8) / 40);
    const mean = 0.4 + 3.5 / 40;

    contrast.create(0.7, shape)(planes, new Random(2));

    expectClose(
      planes,
      planes.map((_, i) => mean + ((i % 8) / 40 - 3.5 / 40) * factorOf(2, 0.7)),
    );
  });
});

describe('saturation', () => {
  it('keeps luma and scales colour', () => {
    const before = planesOf(24).map((value) => 0.4 + value / 5);
    const planes = before.slice();

    saturation.create(0.5, shape)(planes, new Random(2));

    for (let i = 0; i < 8; i++) expect(luma(planes, i)).toBeCloseTo(luma(before, i), 5);
    expect(planes[0]! - luma(planes, 0)).toBeCloseTo((before[0]! - luma(before, 0)) * factorOf(2, 0.5), 5);
  });
});

describe('hue', () => {
  it('keeps luma, leaves grey alone and turns all the way round to where it was', () => {
    for (const angle of [0.3, 1, -2, Math.PI, 2 * Math.PI]) {
      const m = hueMatrix(angle);
      for (const c of [0, 1, 2]) {
        expect(LUMA[0] * m[c]! + LUMA[1] * m[3 + c]! + LUMA[2] * m[6 + c]!).toBeCloseTo(LUMA[c]!, 10);
        expect(m[3 * c]! + m[3 * c + 1]! + m[3 * c + 2]!).toBeCloseTo(1, 10);
      }
    }
    expectClose(hueMatrix(2 * Math.PI), [1, 0, 0, 0, 1, 0, 0, 0, 1]);
  });

  it('is undone by the opposite turn', () => {
    const [there, back] = [hueMatrix(0.7), hueMatrix(-0.7)];
    for (let row = 0; row < 3; row++)
      for (let column = 0; column < 3; column++) {
        const product = [0, 1, 2].reduce((sum, k) => sum + back[3 * row + k]! * there[3 * k + column]!, 0);
        expect(product).toBeCloseTo(row === column ? 1 : 0, 10);
      }
  });

  it('turns the colour difference by its angle: half a turn gives the opposite colour', () => {
    const m = hueMatrix(Math.PI);
    const luma = 0.5 * LUMA[0] + 0.4 * (LUMA[1] + LUMA[2]);
    const red = m[0] * 0.5 + m[1] * 0.4 + m[2] * 0.4;
    expect(red - luma).toBeCloseTo(-(0.5 - luma), 10);
  });

  it('applies that matrix to every pixel', () => {
    const [before, planes] = [planesOf(24), planesOf(24)];
    const m = hueMatrix(new Random(5).between(-0.25, 0.25) * Math.PI);

    hue.create(0.25, shape)(planes, new Random(5));

    for (let i = 0; i < 8; i++) {
      const green = m[3] * before[i]! + m[4] * before[i + 8]! + m[5] * before[i + 16]!;
      expect(planes[i + 8]).toBeCloseTo(Math.min(1, Math.max(0, green)), 5);
    }
  });
});

describe('grayscale and invert', () => {
  it('gives every channel the luma', () => {
    const [before, planes] = [planesOf(24), planesOf(24)];

    grayscale.create(1, shape)(planes, new Random(1));

    for (let i = 0; i < 24; i++) expect(planes[i]).toBeCloseTo(luma(before, i % 8), 6);
  });

  it('happens as often as the probability says', () => {
    const random = new Random(9);
    let times = 0;
    for (let i = 0; i < 2000; i++) {
      const planes = new Float32Array(24);
      invert.create(0.2, shape)(planes, random);
      times += planes[0]!;
    }
    expect(times / 2000).toBeCloseTo(0.2, 1);
  });
});

describe('blur', () => {
  it('is the Gaussian of the book, with the edge going on beyond the edge', () => {
    const [before, planes] = [planesOf(63), planesOf(63)];
    const at = (y: number, x: number) => before[Math.min(6, Math.max(0, y)) * 9 + Math.min(8, Math.max(0, x))]!;
    const weight = (d: number) => Math.exp(-(d * d) / (2 * 1.3 ** 2));

    createGaussian({ channels: 1, height: 7, width: 9 })(planes, 1.3);

    for (const [y, x] of [
      [0, 0],
      [3, 4],
      [6, 8],
      [2, 7],
    ] as const) {
      let [sum, total] = [0, 0];
      for (let dy = -4; dy <= 4; dy++)
        for (let dx = -4; dx <= 4; dx++) {
          sum += weight(dy) * weight(dx) * at(y + dy, x + dx);
          total += weight(dy) * weight(dx);
        }
      expect(planes[y * 9 + x]).toBeCloseTo(sum / total, 5);
    }
  });
});
