import { AppError } from '../errors.js';
import type { Views } from '../training/samples.js';
import { VIEW_NAMES, VIEWS, type ViewName, type ViewSettings } from './index.js';
import type { PlaneShape, View } from './view.js';

/** The table's rows have settings of different types; each is only ever handed its own. */
function build(name: ViewName, settings: ViewSettings, shape: PlaneShape): View {
  const create = VIEWS[name].create as (setting: ViewSettings[ViewName], shape: PlaneShape) => View;
  return create(settings[name], shape);
}

/**
 * Samples of `[height, width, channels]` bytes → random views of `[channels, height, width]` floats in [0, 1]. One
 * object serves one caller at a time: it works in memory of its own. Throws SAMPLE_INVALID for a sample of another size.
 */
export function createViews(settings: ViewSettings, shape: readonly number[]): Views {
  const [height = 0, width = 0, channels = 0] = shape;
  const length = height * width * channels;
  const views = VIEW_NAMES.map((name) => build(name, settings, { channels, height, width }));
  const planes = new Float32Array(length);

  /** Bytes, channels innermost → planes. */
  function load(sample: Uint8Array): void {
    if (sample.length !== length) throw new AppError('SAMPLE_INVALID', { expected: length, received: sample.length });
    for (let c = 0, to = 0; c < channels; c++)
      for (let from = c; from < length; from += channels) planes[to++] = sample[from]! * (1 / 255);
  }

  return {
    length,
    shape: [channels, height, width],
    write(sample, random, out, offset) {
      load(sample);
      for (const view of views) view(planes, random);
      out.set(planes, offset);
    },
    plain(sample, out, offset) {
      load(sample);
      out.set(planes, offset);
    },
  };
}
