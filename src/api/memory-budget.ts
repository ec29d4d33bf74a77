import type { ServerResponse } from 'node:http';
import { AppError } from '../errors.js';
import type { Hold } from './body-stream.js';

/** Bodies up to this are not worth counting: the bound on requests in work bounds them. */
const SMALL_BYTES = 65_536;

/** Bounds the bytes of bodies that all requests in work keep in memory together. */
export class MemoryBudget {
  readonly #limitBytes: number;
  #heldBytes = 0;

  constructor(limitBytes: number) {
    this.#limitBytes = limitBytes;
  }

  get heldBytes(): number {
    return this.#heldBytes;
  }

  /** Counts what one request keeps until its answer is sent. The counter throws OVERLOADED beyond the bound. */
  counter(response: ServerResponse): Hold {
    let own = 0;
    return (bytes) => {
      const before = own;
      own += bytes;
      if (own <= SMALL_BYTES) return;
      if (before <= SMALL_BYTES) {
        this.#heldBytes += before;
        response.once('close', () => {
          this.#heldBytes -= own;
        });
      }
      this.#heldBytes += bytes;
      if (this.#heldBytes > this.#limitBytes) throw new AppError('OVERLOADED', {});
    };
  }
}
