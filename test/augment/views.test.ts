import { describe, expect, it } from 'vitest';
import { createViews } from '../../src/augment/create-views.js';
import { VIEW_NAMES, VIEW_PRESETS, VIEWS, ViewSettings } from '../../src/augment/index.js';
import { Random } from '../../src/core/random.js';
import { viewContract } from '../contracts/view.contract.js';
import { expectClose } from './expect-close.js';
import { sampleOf } from './sample-of.js';

for (const name of VIEW_NAMES) viewContract(name);

describe('createViews', () => {
  const shape = [12, 10, 3];
  const sample = sampleOf(shape);
  const view = (settings: ViewSettings, seed: number): Float32Array => {
    const views = createViews(settings, shape);
    const out = new Float32Array(views.length);
    views.write(sample, new Random(seed), out, 0);
    return out;
  };

  it('turns bytes, channels innermost, into planes in [0, 1]', () => {
    const views = createViews(VIEW_PRESETS.colour, shape);
    const out = new Float32Array(views.length + 2).fill(9);

    views.plain(sample, out, 1);

    expect(views.shape).toEqual([3, 12, 10]);
    expect(out[0]).toBe(9);
    expect(out.at(-1)).toBe(9);
    for (const [c, y, x] of [
      [0, 0, 0],
      [1, 3, 7],
      [2, 11, 9],
    ] as const)
      expect(out[1 + (c * 12 + y) * 10 + x]).toBeCloseTo(sample[(y * 10 + x) * 3 + c]! / 255, 6);
  });

  it('changes nothing where every view is off', () => {
    const views = createViews(VIEW_PRESETS.none, shape);
    const plain = new Float32Array(views.length);
    views.plain(sample, plain, 0);

    expect(view(VIEW_PRESETS.none, 3)).toEqual(plain);
  });

  it.each(['colour', 'grey'] as const)(
    'gives %s views that differ, stay in [0, 1] and come again with their seed',
    (preset) => {
      const [one, same, other] = [1, 1, 2].map((seed) => view(VIEW_PRESETS[preset], seed));

      expect(one).toEqual(same);
      expect(one).not.toEqual(other);
      for (let seed = 0; seed < 50; seed++)
        expect(view(VIEW_PRESETS[preset], seed).every((value) => value >= 0 && value <= 1)).toBe(true);
    },
  );

  it('leaves what the other views do as it was when one is turned off', () => {
    for (let seed = 0; seed < 20; seed++) {
      const plain = view({ ...VIEW_PRESETS.none, flip: 0.5 }, seed);
      const inverted = view({ ...VIEW_PRESETS.none, flip: 0.5, invert: 1 }, seed);

      expectClose(
        inverted,
        plain.map((value) => 1 - value),
      );
    }
  });

  it('takes grey samples of any size', () => {
    const views = createViews(VIEW_PRESETS.grey, [28, 28, 1]);
    const out = new Float32Array(views.length);
    views.write(sampleOf([28, 28, 1]), new Random(1), out, 0);

    expect(views.shape).toEqual([1, 28, 28]);
    expect(out.some((value) => value > 0)).toBe(true);
  });

  it('refuses a sample of another size', () => {
    const views = createViews(VIEW_PRESETS.colour, shape);

    expect(() => views.plain(new Uint8Array(5), new Float32Array(360), 0)).toThrow(/5 bytes, expected 360/);
  });
});

describe('ViewSettings', () => {
  it('has a field for every view, with the measured defaults', () => {
    expect(Object.keys(ViewSettings.shape)).toEqual(VIEW_NAMES);
    expect(VIEW_PRESETS.colour).toEqual({
      crop: { area: [0.2, 1], aspect: 4 / 3 },
      flip: 0.5,
      brightness: 0.7,
      contrast: 0.7,
      saturation: 0.25,
      hue: 0.25,
      grayscale: 0.1,
      invert: 0,
      blur: 0,
      rotation: 0,
    });
    expect(VIEW_PRESETS.grey).toMatchObject({ crop: { area: [0.3, 1] }, flip: 0, hue: 0, contrast: 0.9, invert: 0.2 });
  });

  it('refuses what no view can be: strengths beyond 1, areas the wrong way round, unknown names', () => {
    for (const wrong of [
      { flip: 2 },
      { brightness: -1 },
      { crop: { area: [0.9, 0.1] } },
      { twirl: 1 },
      { hue: Number.NaN },
    ])
      expect(ViewSettings.safeParse(wrong).success).toBe(false);
    expect(VIEWS.crop.setting.parse({})).toEqual({ area: [0.2, 1], aspect: 4 / 3 });
  });
});
