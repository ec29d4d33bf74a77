import type { Random } from '../core/random.js';
import { createViews } from './create-views.js';
import { VIEW_NAMES, VIEW_PRESETS, type ViewName, type ViewSettings } from './index.js';

/** One view turned up step by step, all others off. */
export interface ViewSweep {
  readonly name: ViewName;
  /** What is turned, for people. */
  readonly dial: string;
  readonly steps: readonly {
    readonly strength: number;
    /** A changed copy of a sample of `[height, width, channels]` bytes. */
    apply(sample: Uint8Array, random: Random): Uint8Array;
  }[];
}

interface Dial {
  readonly dial: string;
  readonly strengths: readonly number[];
}

/** A setting that is no number says how it is at a strength. */
type Dials = {
  readonly [N in ViewName]: ViewSettings[N] extends number ? Dial : Dial & { at(strength: number): ViewSettings[N] };
};

/** How far each view is turned. A strength of 0 changes nothing; views that happen or do not have one step: they happen. */
const DIALS: Dials = {
  crop: {
    dial: 'share of the picture cut away',
    strengths: [0.1, 0.2, 0.4, 0.6, 0.8],
    at: (strength) => ({ area: [1 - strength, 1 - strength], aspect: 1 }),
  },
  flip: { dial: 'left and right exchanged', strengths: [1] },
  brightness: { dial: 'lighter or darker by up to', strengths: [0.2, 0.4, 0.6, 0.8] },
  contrast: { dial: 'flatter or harder by up to', strengths: [0.2, 0.4, 0.6, 0.8] },
  saturation: { dial: 'colours paler or stronger by up to', strengths: [0.25, 0.5, 0.75, 1] },
  hue: { dial: 'colours turned by up to (1 = half a circle)', strengths: [0.1, 0.25, 0.5, 1] },
  grayscale: { dial: 'all colour taken away', strengths: [1] },
  invert: { dial: 'black and white exchanged', strengths: [1] },
  blur: { dial: 'blurred', strengths: [1] },
  rotation: { dial: 'turned by up to (1 = half a circle)', strengths: [0.05, 0.1, 0.25, 0.5] },
};

/** Views of colour do nothing to grey pictures. */
const COLOURED: readonly ViewName[] = ['saturation', 'hue', 'grayscale'];

/** Every view of the table that does something to samples of this shape, one at a time, at several strengths. */
export function viewSweeps(shape: readonly number[]): ViewSweep[] {
  const names = VIEW_NAMES.filter((name) => shape[2] === 3 || !COLOURED.includes(name));
  return names.map((name) => {
    const turned = DIALS[name];
    const { dial, strengths } = turned;
    const steps = strengths.map((strength) => {
      const views = createViews(
        { ...VIEW_PRESETS.none, [name]: 'at' in turned ? turned.at(strength) : strength },
        shape,
      );
      const planes = new Float32Array(views.length);
      return {
        strength,
        apply(sample: Uint8Array, random: Random) {
          views.write(sample, random, planes, 0);
          return interleaved(planes, shape[2] ?? 1);
        },
      };
    });
    return { name, dial, steps };
  });
}

/** Planes of numbers in [0, 1] → bytes, channels innermost. */
function interleaved(planes: Float32Array, channels: number): Uint8Array {
  const out = new Uint8Array(planes.length);
  for (let c = 0, from = 0; c < channels; c++)
    for (let to = c; to < out.length; to += channels) out[to] = Math.round(255 * planes[from++]!);
  return out;
}
