import { createHmac, createSecretKey, type KeyObject, randomBytes, timingSafeEqual } from 'node:crypto';
import { LRUCache } from 'lru-cache';

/** A signed address of a picture holds for one to two of these, in seconds; within one it stays the same text. */
const WINDOW_S = 600;

/** A fresh secret for `installation.getOrCreate`: every process of one installation signs with the same. */
export const newSigningSecret = (): string => randomBytes(32).toString('base64url');

/** Signs what clients carry for us: cursors, and addresses of pictures. */
export class Signer {
  readonly #secret: KeyObject;
  readonly #now: () => number;
  readonly #pictures = new LRUCache<string, string>({ max: 20_000 });

  constructor(secret: string, now: () => number) {
    this.#secret = createSecretKey(Buffer.from(secret));
    this.#now = now;
  }

  /** 128 bits of HMAC-SHA-256, as base64url. `purpose` keeps signatures of one use from another. */
  sign(purpose: 'cursor' | 'picture', text: string): string {
    return createHmac('sha256', this.#secret).update(`${purpose}\n${text}`).digest().toString('base64url', 0, 16);
  }

  verify(purpose: 'cursor' | 'picture', text: string, signature: string): boolean {
    const expected = Buffer.from(this.sign(purpose, text));
    const given = Buffer.from(signature);
    return given.length === expected.length && timingSafeEqual(given, expected);
  }

  /** When addresses that are signed now expire, in epoch seconds: while it is the same, so are they. */
  window(): number {
    return (Math.floor(this.#now() / 1_000 / WINDOW_S) + 2) * WINDOW_S;
  }

  /** `expires=…&signature=…` for the picture of an item. */
  pictureQuery(collection: string, itemId: string): string {
    const expires = this.window();
    const name = `${expires}\n${collection}\n${itemId}`;
    let query = this.#pictures.get(name);
    if (query === undefined) {
      query = `expires=${expires}&signature=${this.sign('picture', name)}`;
      this.#pictures.set(name, query);
    }
    return query;
  }

  mayShow(
    collection: string,
    itemId: string,
    given: { expires?: string | undefined; signature?: string | undefined },
  ): boolean {
    if (given.expires === undefined || given.signature === undefined || !/^\d{1,12}$/.test(given.expires)) return false;
    if (Number(given.expires) * 1_000 < this.#now()) return false;
    return this.verify('picture', `${given.expires}\n${collection}\n${itemId}`, given.signature);
  }
}
