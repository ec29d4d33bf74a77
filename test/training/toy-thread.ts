import type { OpenedSamples, Portable } from '../../src/training/samples.js';
import { toySamples, toyViews } from './toy-samples.js';

const here = (name: string, options: unknown = {}): Portable => ({
  module: new URL('./toy-thread.ts', import.meta.url),
  name,
  options,
});

/** The toy samples and views, as a thread makes them again. */
export const toyPortable = (count: number): Portable => here('openToy', { count });

export const openToy = ({ count }: { count: number }): OpenedSamples => ({
  samples: toySamples(count),
  views: toyViews(),
});

/** Threads that fail: when they open their samples, in a batch after so many, or without a word. */
export const brokenPortable = (how: 'open' | 'read' | 'exit', batches = 0): Portable =>
  here('openBroken', { how, batches });

export function openBroken({ how, batches }: { how: string; batches: number }): OpenedSamples {
  if (how === 'open') throw new Error('there is nothing to open');
  const sound = toySamples(48);
  let left = batches * 16;
  const read = (index: number): Uint8Array => {
    if (left-- > 0) return sound.read(index);
    if (how === 'exit') process.exit(3);
    throw new Error('the disk has gone');
  };
  return { samples: { count: 48, read }, views: toyViews() };
}
