import type { Pictures } from '../src/app/open-pictures.js';
import { VIEW_PRESETS, ViewSettings } from '../src/augment/index.js';
import type { Samples } from '../src/training/samples.js';

/** Samples in memory that threads share; the views are those of the preset for their number of channels, but what is given. */
export function picturesInMemory(samples: Samples, views: Partial<ViewSettings> = {}): Pictures {
  const { count, shape } = samples;
  const length = shape.reduce((product, extent) => product * extent, 1);
  const block = new SharedArrayBuffer(count * length);
  const all = new Uint8Array(block);
  for (let i = 0; i < count; i++) all.set(samples.read(i), i * length);
  const preset = VIEW_PRESETS[shape[2] === 1 ? 'grey' : 'colour'];
  return {
    table: { count, length, at: { block } },
    shape,
    views: ViewSettings.parse({ ...preset, ...views }),
    holdBytes: 0,
  };
}
