import { fingerprint } from '../../src/core/fingerprint.js';
import { Random } from '../../src/core/random.js';
import type { Samples, Views } from '../../src/training/samples.js';

/** Small pictures that differ in the direction and width of their stripes: something to learn within a few steps. */
export function toySamples(count: number, size = 8, channels = 1, seed = 1): Samples {
  const pictures = Array.from({ length: count }, (_, index) =>
    picture(new Random(seed).fork(String(index)), size, channels),
  );
  return {
    count,
    shape: [size, size, channels],
    fingerprint: fingerprint(Buffer.concat(pictures)),
    read: (index) => pictures[index]!,
  };
}

function picture(random: Random, size: number, channels: number): Uint8Array {
  const [angle, width, phase] = [random.between(0, Math.PI), random.between(1, 3), random.between(0, 6)];
  const out = new Uint8Array(size * size * channels);
  for (let y = 0; y < size; y++)
    for (let x = 0; x < size; x++) {
      const wave = Math.sin((Math.cos(angle) * x + Math.sin(angle) * y) / width + phase);
      for (let c = 0; c < channels; c++) out[(y * size + x) * channels + c] = 127 + 100 * wave + random.between(-9, 9);
    }
  return out;
}

/** Views that only change the brightness and add a little noise. */
export function toyViews(size = 8, channels = 1): Views {
  const map = size * size;
  const write = (sample: Uint8Array, out: Float32Array, offset: number, change: (value: number) => number) => {
    for (let c = 0; c < channels; c++)
      for (let i = 0; i < map; i++) out[offset + c * map + i] = change(sample[i * channels + c]! / 255);
  };
  return {
    length: map * channels,
    shape: [channels, size, size],
    write(sample, random, out, offset) {
      const gain = random.between(0.7, 1.3);
      write(sample, out, offset, (value) => value * gain + random.between(-0.02, 0.02));
    },
    plain: (sample, out, offset) => write(sample, out, offset, (value) => value),
  };
}

/** Settings of a run that takes a second or two. */
export const toySettings = (over: object = {}) => ({
  budget: { steps: 12 },
  architectureOptions: { width: 0.25 },
  methodOptions: { hidden: 16, projection: 8 },
  batch: 16,
  ...over,
});
