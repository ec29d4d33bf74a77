import { join } from 'node:path';
import { Preparation } from '../src/images/preparation.js';
import { type PreparedSamples, prepareSamples } from '../src/images/prepare-samples.js';
import { cacheFolder } from './data/cache-folder.js';
import type { ShippedPool } from './data/shipped-pool.js';

/** The drawings an encoder may learn from, prepared at one size through the benches' cache. Close them when done. */
export async function poolSamples(
  pool: ShippedPool,
  size: number,
  say: (line: string) => void,
): Promise<PreparedSamples & { readonly preparation: Preparation }> {
  const preparation = Preparation.parse({ size });
  const prepared = await prepareSamples(pool.source, preparation, { cacheFolder: join(cacheFolder, 'pixels') });
  say(
    `${prepared.samples.count} drawings at ${size} × ${size}; ${prepared.equal.length} with pixels of another left out, ` +
      `${prepared.skipped.length} unreadable`,
  );
  return { ...prepared, preparation };
}
