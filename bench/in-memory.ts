import type { Pictures } from '../src/app/open-pictures.js';
import { VIEW_PRESETS } from '../src/augment/index.js';
import type { Samples } from '../src/training/samples.js';

/** Samples in memory that threads share, with the views of the preset for their number of channels. */
export function picturesInMemory(samples: Samples): Pictures {
  const { count, shape } = samples;
  const length = shape.reduce((product, extent) => product * extent, 1);
  const block = new SharedArrayBuffer(count * length);
  const all = new Uint8Array(block);
  for (let i = 0; i < count; i++) all.set(samples.read(i), i * length);
  const views = VIEW_PRESETS[shape[2] === 1 ? 'grey' : 'colour'];
  return { table: { count, length, at: { block } }, shape, views, holdBytes: 0 };
}
