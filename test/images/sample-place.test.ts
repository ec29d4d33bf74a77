import { describe, expect, it } from 'vitest';
import { onPicture, onSample } from '../../src/images/sample-place.js';

const wide = { width: 400, height: 100 };
const whole = { x: 0, y: 0, width: 1, height: 1 };

describe('the place of a picture in its sample', () => {
  it('is a strip in the middle of the square that contains it', () => {
    expect(onSample(whole, wide, { fit: 'contain' })).toEqual({ x: 0, y: 0.375, width: 1, height: 0.25 });
    expect(onPicture(whole, wide, { fit: 'contain' })).toEqual(whole);
  });

  it('is more than the square that it covers', () => {
    expect(onSample(whole, wide, { fit: 'cover' })).toEqual(whole);
    expect(onPicture(whole, wide, { fit: 'cover' })).toEqual({ x: 0.375, y: 0, width: 0.25, height: 1 });
    expect(onSample({ ...whole, width: 0.2 }, wide, { fit: 'cover' }).width).toBe(0);
  });

  it.each(['contain', 'cover'] as const)('is found back, %s', (fit) => {
    const region = { x: 0.4, y: 0.25, width: 0.125, height: 0.5 };
    const back = onPicture(onSample(region, wide, { fit }), wide, { fit });

    for (const side of ['x', 'y', 'width', 'height'] as const) expect(back[side]).toBeCloseTo(region[side], 9);
  });
});
