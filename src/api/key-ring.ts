import { createHash, timingSafeEqual } from 'node:crypto';
import { LRUCache } from 'lru-cache';
import { type ApiKeys, SCOPES, type Scope } from '../catalogue/catalogue.js';

/** Who asks: what they may do, where, and how often. */
export interface Caller {
  /** For logs and rates: the id of a key, never its secret. Null for callers without a key. */
  readonly keyId: string | null;
  readonly scopes: readonly Scope[];
  /** Null: every collection. */
  readonly collections: readonly string[] | null;
  /** Null: no bound. */
  readonly ratePerSecond: number | null;
}

/** How long a key is believed, in ms: a revoked one is refused after at most that. */
const BELIEVE_MS = 2_000;
const ADMIN: Caller = { keyId: 'admin', scopes: SCOPES, collections: null, ratePerSecond: null };

const sha256 = (text: string): Buffer => createHash('sha256').update(text).digest();

/** The keys there are: looked up once, believed for two seconds. Secrets are only ever compared as hashes. */
export class KeyRing {
  readonly #keys: Pick<ApiKeys, 'find' | 'any'>;
  readonly #adminHash: Buffer | null;
  readonly #defaultRate: number;
  readonly #callers: LRUCache<string, { caller: Caller | null; asked: number }>;
  readonly #now: () => number;
  #exist: { value: boolean; asked: number } | undefined;
  #asking: Promise<boolean> | undefined;

  constructor(
    keys: Pick<ApiKeys, 'find' | 'any'>,
    options: { adminKey: string | undefined; defaultRate: number; now: () => number },
  ) {
    this.#keys = keys;
    this.#adminHash = options.adminKey === undefined ? null : sha256(options.adminKey);
    this.#defaultRate = options.defaultRate;
    this.#now = options.now;
    this.#callers = new LRUCache({ max: 10_000 });
  }

  /** Whether any key exists, so that callers without one are turned away. Throws CATALOGUE_UNAVAILABLE. */
  exist(): boolean | Promise<boolean> {
    if (this.#adminHash) return true;
    if (this.#exist && this.#now() - this.#exist.asked < BELIEVE_MS) return this.#exist.value;
    this.#asking ??= this.#keys
      .any()
      .then((value) => {
        this.#exist = { value, asked: this.#now() };
        return value;
      })
      .finally(() => {
        this.#asking = undefined;
      });
    return this.#asking;
  }

  /** What `exist` answered last; true before it was ever asked. */
  get existed(): boolean {
    return this.#adminHash !== null || (this.#exist?.value ?? true);
  }

  /** Who holds this secret; null where nobody does. Throws CATALOGUE_UNAVAILABLE. */
  holder(secret: string): Caller | null | Promise<Caller | null> {
    const hash = sha256(secret);
    if (this.#adminHash && timingSafeEqual(hash, this.#adminHash)) return ADMIN;
    const text = hash.toString('hex');
    const known = this.#callers.get(text);
    return known && this.#now() - known.asked < BELIEVE_MS ? known.caller : this.#find(text);
  }

  async #find(hash: string): Promise<Caller | null> {
    const asked = this.#now();
    const key = await this.#keys.find(hash);
    const caller: Caller | null =
      key && key.revokedAt === null
        ? {
            keyId: key.keyId,
            scopes: key.scopes,
            collections: key.collections,
            ratePerSecond: key.ratePerSecond ?? (key.scopes.includes('admin') ? null : this.#defaultRate),
          }
        : null;
    this.#callers.set(hash, { caller, asked });
    return caller;
  }
}
