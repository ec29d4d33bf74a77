import type { Random } from '../core/random.js';
import type { PixelStatistics } from '../encoder/pixel-statistics.js';
import type { Samples, Views } from './samples.js';

/** Two numbers a channel need no more samples than this. */
const MEASURED = 512;
/** A channel that never changes is divided by 1: it carries nothing, and must not be blown up. */
const SMALLEST_DEVIATION = 1e-4;

/** Mean and deviation of each channel (the first axis of a view) over some of the samples, unchanged. */
export function measurePixels(samples: Samples, views: Views, random: Random): PixelStatistics {
  const indexes = random.fork('pixels').permutation(samples.count).subarray(0, MEASURED);
  const channels = views.shape[0] ?? 1;
  const map = views.length / channels;
  const view = new Float32Array(views.length);
  const sums = new Float64Array(channels);
  const squares = new Float64Array(channels);
  for (const index of indexes) {
    views.plain(samples.read(index), view, 0);
    for (let channel = 0; channel < channels; channel++)
      for (const value of view.subarray(channel * map, (channel + 1) * map)) {
        sums[channel]! += value;
        squares[channel]! += value * value;
      }
  }
  const count = indexes.length * map;
  const mean = Array.from(sums, (sum) => sum / count);
  const deviation = Array.from(squares, (sum, channel) => Math.sqrt(Math.max(0, sum / count - mean[channel]! ** 2)));
  return { mean, deviation: deviation.map((value) => (value < SMALLEST_DEVIATION ? 1 : value)) };
}
