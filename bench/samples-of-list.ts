import { createHash } from 'node:crypto';
import type { Samples } from '../src/training/samples.js';

/** Samples that lie in memory, as the trainer wants them. */
export function samplesOfList(list: readonly Uint8Array[], shape: readonly number[]): Samples {
  const hash = createHash('sha256');
  for (const sample of list) hash.update(sample);
  return { count: list.length, shape, fingerprint: hash.digest('hex'), read: (index) => list[index]! };
}
