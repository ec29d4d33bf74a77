import { describe, expect, it } from 'vitest';
import { VIEW_NAMES } from '../../src/augment/index.js';
import { viewSweeps } from '../../src/augment/view-sweeps.js';
import { Random } from '../../src/core/random.js';
import { sampleOf } from './sample-of.js';

describe('viewSweeps', () => {
  it('has every view of the table for pictures in colour, and leaves those of colour out for grey ones', () => {
    expect(viewSweeps([12, 10, 3]).map(({ name }) => name)).toEqual(VIEW_NAMES);
    expect(viewSweeps([12, 10, 1]).map(({ name }) => name)).toEqual(
      VIEW_NAMES.filter((name) => !['saturation', 'hue', 'grayscale'].includes(name)),
    );
  });

  it.each(viewSweeps([12, 10, 3]))('turns up $name alone, and further from step to step', ({ steps }) => {
    const sample = sampleOf([12, 10, 3]);
    const moved = steps.map(({ apply }) => {
      const changes = Array.from({ length: 20 }, (_, seed) => {
        const changed = apply(sample, new Random(seed));
        expect(changed).toHaveLength(sample.length);
        return changed.reduce((sum, value, i) => sum + Math.abs(value - sample[i]!), 0);
      });
      return changes.reduce((a, b) => a + b, 0);
    });

    expect(moved[0]).toBeGreaterThan(0);
    expect([...moved].sort((a, b) => a - b)).toEqual(moved);
  });

  it('keeps the channels where they were: a mirrored picture has the same pixels, from the right', () => {
    const sample = sampleOf([4, 5, 3]);
    const flip = viewSweeps([4, 5, 3]).find(({ name }) => name === 'flip')!;

    const mirrored = flip.steps[0]!.apply(sample, new Random(1));

    const pixel = (bytes: Uint8Array, y: number, x: number) => [
      ...bytes.subarray((y * 5 + x) * 3, (y * 5 + x) * 3 + 3),
    ];
    expect(pixel(mirrored, 2, 1)).toEqual(pixel(sample, 2, 3));
  });
});
