import { describe, expect, it } from 'vitest';
import { VIEWS, type ViewName, type ViewSettings } from '../../src/augment/index.js';
import type { PlaneShape, View } from '../../src/augment/view.js';
import { Random } from '../../src/core/random.js';
import { planesOf } from '../augment/sample-of.js';

/** Settings so strong that a view does all it ever does. */
const STRONG: { readonly [name in ViewName]: ViewSettings[name] } = {
  crop: { area: [0.05, 0.5], aspect: 2 },
  flip: 1,
  brightness: 1,
  contrast: 1,
  saturation: 1,
  hue: 1,
  grayscale: 1,
  invert: 1,
  blur: 1,
  rotation: 1,
};
const SHAPES: readonly PlaneShape[] = [
  { channels: 3, height: 12, width: 16 },
  { channels: 1, height: 9, width: 7 },
  { channels: 3, height: 1, width: 1 },
];
const COLOUR_ONLY: readonly ViewName[] = ['saturation', 'hue', 'grayscale'];

/** A new view is finished when this suite is green for it. */
export function viewContract(name: ViewName): void {
  const create = VIEWS[name].create as (setting: unknown, shape: PlaneShape) => View;
  const apply = (setting: unknown, shape: PlaneShape, seed: number, random = new Random(seed)): Float32Array => {
    const planes = planesOf(shape.channels * shape.height * shape.width);
    create(setting, shape)(planes, random);
    return planes;
  };

  describe(`the view "${name}"`, () => {
    it('has a setting that changes nothing', () => {
      for (const shape of SHAPES)
        for (let seed = 0; seed < 10; seed++)
          expect(apply(VIEWS[name].none, shape, seed)).toEqual(planesOf(shape.channels * shape.height * shape.width));
    });

    it('has a default and a "nothing" that its own schema takes', () => {
      expect(VIEWS[name].setting.safeParse(undefined).success).toBe(true);
      expect(VIEWS[name].setting.parse(VIEWS[name].none)).toEqual(VIEWS[name].none);
      expect(VIEWS[name].setting.safeParse(STRONG[name]).success).toBe(true);
    });

    it('keeps the size and stays within [0, 1], however strong', () => {
      for (const shape of SHAPES)
        for (let seed = 0; seed < 30; seed++)
          expect(apply(STRONG[name], shape, seed).every((value) => value >= 0 && value <= 1)).toBe(true);
    });

    it('gives the same pixels for the same seed, again from the same view and from a new one', () => {
      const shape = SHAPES[0]!;
      const view = create(STRONG[name], shape);
      const [first, second] = [planesOf(576), planesOf(576)];
      view(first, new Random(4));
      view(second, new Random(4));

      expect(second).toEqual(first);
      expect(apply(STRONG[name], shape, 4)).toEqual(first);
    });

    it('does something when it is strong', () => {
      const plain = planesOf(576); // The same numbers, however many are taken.
      const differs = (shape: PlaneShape): boolean =>
        apply(STRONG[name], shape, 1).some((value, i) => Math.abs(value - plain[i]!) > 1e-3);

      expect(differs(SHAPES[0]!)).toBe(true);
      expect(differs(SHAPES[1]!)).toBe(!COLOUR_ONLY.includes(name));
    });

    it('draws as many random numbers whether it is off or strong', () => {
      const [off, strong] = [new Random(1), new Random(1)];
      apply(VIEWS[name].none, SHAPES[0]!, 1, off);
      apply(STRONG[name], SHAPES[0]!, 1, strong);

      expect(off.save()).toEqual(strong.save());
    });
  });
}
