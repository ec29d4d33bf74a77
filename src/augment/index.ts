import { z } from 'zod';
import { blur } from './blur.js';
import { brightness } from './brightness.js';
import { contrast } from './contrast.js';
import { crop } from './crop.js';
import { flip } from './flip.js';
import { grayscale } from './grayscale.js';
import { hue } from './hue.js';
import { invert } from './invert.js';
import { rotation } from './rotation.js';
import { saturation } from './saturation.js';

/** Every view there is, in the order in which they are applied. Adding one: its file, its test, and its line here. */
export const VIEWS = {
  crop,
  flip,
  brightness,
  contrast,
  saturation,
  hue,
  grayscale,
  invert,
  blur,
  rotation,
} as const;

export type ViewName = keyof typeof VIEWS;
export const VIEW_NAMES = Object.keys(VIEWS) as ViewName[];

/** How strong each view is. The defaults are measured for colour drawings; see VIEW_PRESETS for grey pictures. */
export const ViewSettings = z.strictObject({
  crop: crop.setting,
  flip: flip.setting,
  brightness: brightness.setting,
  contrast: contrast.setting,
  saturation: saturation.setting,
  hue: hue.setting,
  grayscale: grayscale.setting,
  invert: invert.setting,
  blur: blur.setting,
  rotation: rotation.setting,
});
export type ViewSettings = z.output<typeof ViewSettings>;

/** Where to start, by kind of picture. In grey Fashion-MNIST a flip hurt; in colour, the colour views decide. */
export const VIEW_PRESETS = {
  colour: ViewSettings.parse({}),
  grey: ViewSettings.parse({
    crop: { area: [0.3, 1] },
    flip: 0,
    brightness: 0.9,
    contrast: 0.9,
    invert: 0.2,
    saturation: 0,
    hue: 0,
    grayscale: 0,
  }),
  /** Changes nothing: to build settings for one view at a time on. */
  none: Object.fromEntries(VIEW_NAMES.map((name) => [name, VIEWS[name].none])) as ViewSettings,
} as const;
