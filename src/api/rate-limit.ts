import { LRUCache } from 'lru-cache';
import { AppError } from '../errors.js';

/** Token buckets by name: a second's worth may come at once, then as many a second as the rate says. */
export class RateLimit {
  readonly #buckets = new LRUCache<string, { tokens: number; at: number }>({ max: 50_000 });
  readonly #now: () => number;

  constructor(now: () => number) {
    this.#now = now;
  }

  /** Takes one token. Throws RATE_LIMITED where there is none. */
  take(name: string, perSecond: number): void {
    const now = this.#now();
    const bucket = this.#buckets.get(name);
    if (!bucket) {
      this.#buckets.set(name, { tokens: perSecond - 1, at: now });
      return;
    }
    // A clock that is set back must not lock anybody out.
    const refilled = bucket.tokens + (Math.max(0, now - bucket.at) / 1_000) * perSecond;
    bucket.tokens = Math.min(perSecond, refilled);
    bucket.at = now;
    if (bucket.tokens < 1) throw new AppError('RATE_LIMITED', { perSecond });
    bucket.tokens -= 1;
  }
}
