import { createHash } from 'node:crypto';
import { BUCKETS } from '../../catalogue/allot-buckets.js';
import type { Experiment, Variant } from '../../catalogue/catalogue.js';

export type Somebody = { readonly userId: string } | { readonly sessionId: string };

/**
 * Which variant somebody belongs to: a hash of the experiment and of who it is picks one of ten thousand buckets. So
 * nothing is kept of anybody, every process says the same, and two experiments split people without regard to each other.
 */
export function variantOf(experiment: Pick<Experiment, 'name' | 'variants' | 'buckets'>, who: Somebody): Variant {
  const named = 'userId' in who ? `user ${who.userId}` : `session ${who.sessionId}`;
  const hash = createHash('sha256')
    .update(JSON.stringify([experiment.name, named]))
    .digest();
  // 48 bits over ten thousand: no bucket is more likely than another by more than 1 in 10^10.
  let bucket = hash.readUIntBE(0, 6) % BUCKETS;
  const run = experiment.buckets.find(([, count]) => {
    bucket -= count;
    return bucket < 0;
  });
  return experiment.variants.find(({ name }) => name === run?.[0]) ?? experiment.variants[0]!;
}
