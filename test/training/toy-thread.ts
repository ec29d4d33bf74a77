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

/** Threads that fail: at the first batch, in the middle of one, or without a word. */
export const brokenPortable = (how: 'open' | 'read' | 'exit'): Portable => here('openBroken', { how });

export function openBroken({ how }: { how: string }): OpenedSamples {
  if (how === 'open') throw new Error('there is nothing to open');
  const samples = {
    count: 48,
    read(): Uint8Array {
      if (how === 'exit') process.exit(3);
      throw new Error('the disk has gone');
    },
  };
  return { samples, views: toyViews() };
}
