import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { whyNoRegion } from '../../src/core/region.js';
import { afterKey, type Box, boxBetween, boxOf, boxText, MIDDLE } from '../../src/web/box.js';

const share = fc.double({ min: -0.5, max: 1.5, noNaN: true });
const place = fc.record({ x: share, y: share });
const box = fc.tuple(place, place).map(([one, other]) => boxBetween(one, other));
const drawn = box.filter((one): one is Box => one !== undefined);
const keys = fc.array(fc.tuple(fc.constantFrom('ArrowLeft', 'ArrowRight', 'ArrowUp', 'ArrowDown'), fc.boolean()), {
  maxLength: 40,
});

describe('a box on a picture', () => {
  it('is the same from whichever corner it is dragged, and ends at the edge', () => {
    expect(boxBetween({ x: 0.8, y: 0.1 }, { x: 0.2, y: 0.6 })).toEqual({ x: 0.2, y: 0.1, width: 0.6, height: 0.5 });
    expect(boxBetween({ x: 0.5, y: -3 }, { x: 1.7, y: 0.25 })).toEqual({ x: 0.5, y: 0, width: 0.5, height: 0.25 });
  });

  it('is none after a click, or a slip of the hand', () => {
    expect(boxBetween({ x: 0.5, y: 0.5 }, { x: 0.5, y: 0.5 })).toBeUndefined();
    expect(boxBetween({ x: 0.5, y: 0.1 }, { x: 0.51, y: 0.9 })).toBeUndefined();
  });

  it('is a region that the server takes, after any keys, and is read from its text again', () => {
    fc.assert(
      fc.property(drawn, keys, (start, pressed) => {
        const end = pressed.reduce((one, [key, resize]) => afterKey(one, key, resize)!, start);

        expect(whyNoRegion(end)).toBeUndefined();
        expect(boxOf(boxText(end))).toEqual(end);
      }),
      { seed: 3, numRuns: 300 },
    );
  });

  it('is moved by arrows, and sized by arrows with Shift', () => {
    expect(afterKey(MIDDLE, 'ArrowLeft', false)).toEqual({ ...MIDDLE, x: 0.21 });
    expect(afterKey(MIDDLE, 'ArrowDown', true)).toEqual({ ...MIDDLE, height: 0.54 });
    expect(afterKey({ ...MIDDLE, x: 0.5 }, 'ArrowRight', false)).toEqual({ ...MIDDLE, x: 0.5 });
    expect(afterKey(MIDDLE, 'Enter', false)).toBeUndefined();
    expect(afterKey(MIDDLE, 'constructor', false)).toBeUndefined();
  });

  it.each(['', '0,0,1', '0,0,1,1,1', '0.5,0,0.6,1', '0,0,0,1', 'a,b,c,d', '0,,1,1', '-0.1,0,1,1'])(
    'is none where an address says "%s"',
    (text) => {
      expect(boxOf(text)).toBeUndefined();
    },
  );
});
