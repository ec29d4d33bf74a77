import type { Catalogue, NewEmbedding, UnembeddedItem } from '../catalogue/catalogue.js';
import type { Log } from '../core/log.js';
import type { Vector } from '../core/vectors.js';
import { AppError } from '../errors.js';
import { embedItems } from './embed-missing.js';
import type { Embedders } from './embedder.js';

const BATCH = 32;
const ATTEMPTS = 3;
const PAUSE_MS = 200;

export interface MenderOptions {
  readonly catalogue: Pick<Catalogue, 'embeddings'>;
  readonly collection: string;
  readonly modelId: string;
  readonly embedders: Pick<Embedders, 'get'>;
  readonly readBlob: (content: string) => Promise<Uint8Array | undefined>;
  readonly log: Log;
  /** Told each vector that is stored by now, where the item still wants it. */
  readonly mended: (itemId: string, vector: Vector) => void;
}

interface Wanted extends UnembeddedItem {
  readonly done: () => void;
  readonly promise: Promise<void>;
}

/**
 * Gives items the embeddings they lack by one model: pictures that were written by somebody who had another model, or
 * none. Works in the background, a batch at a time; what fails is logged and counted, and stays without a vector.
 */
export class Mender {
  readonly #options: MenderOptions;
  readonly #wanted = new Map<string, Wanted>();
  #running = false;
  #closed = false;
  failures = 0;

  constructor(options: MenderOptions) {
    this.#options = options;
  }

  want({ itemId, content }: UnembeddedItem): void {
    if (this.#closed) return;
    this.forget(itemId);
    let done = (): void => {};
    const promise = new Promise<void>((resolve) => {
      done = resolve;
    });
    this.#wanted.set(itemId, { itemId, content, done, promise });
    if (!this.#running) void this.#run();
  }

  /** The item has gone, has another picture, or has its vector from elsewhere. */
  forget(itemId: string): void {
    this.#wanted.get(itemId)?.done();
    this.#wanted.delete(itemId);
  }

  /** Resolves once none of these items waits any more, whether it got its vector or not. */
  async settled(itemIds: readonly string[]): Promise<void> {
    await Promise.all(itemIds.map((itemId) => this.#wanted.get(itemId)?.promise));
  }

  close(): void {
    this.#closed = true;
    for (const itemId of [...this.#wanted.keys()]) this.forget(itemId);
  }

  async #run(): Promise<void> {
    this.#running = true;
    for (let attempt = 1; this.#wanted.size > 0 && !this.#closed; ) {
      const batch = [...this.#wanted.values()].slice(0, BATCH);
      try {
        await this.#mend(batch);
        attempt = 1;
      } catch (cause) {
        this.#options.log.warn(
          { collection: this.#options.collection, err: cause },
          'Embedding in the background failed',
        );
        await new Promise((resume) => setTimeout(resume, PAUSE_MS * attempt).unref());
        if (attempt++ < ATTEMPTS) continue;
        attempt = 1;
        this.#fail(batch, cause);
      }
    }
    this.#running = false;
  }

  async #mend(batch: readonly Wanted[]): Promise<void> {
    const { catalogue, collection, modelId, embedders, readBlob } = this.#options;
    const ids = batch.map(({ itemId }) => itemId);
    const there = await catalogue.embeddings.get(collection, modelId, ids); // another process may have been faster
    const known = new Set(there.map(({ itemId }) => itemId));
    const missing = batch.filter(({ itemId }) => !known.has(itemId));
    if (missing.length > 0) {
      const results = await embedItems(missing, await embedders.get(modelId), readBlob);
      const rows = results.filter((result): result is NewEmbedding => !(result instanceof AppError));
      if (rows.length > 0) await catalogue.embeddings.put(collection, rows);
      results.forEach((result, i) => {
        if (result instanceof AppError) this.#fail([missing[i]!], result);
      });
    }
    // Read back: what an item had when it was listed may be gone by now, and the catalogue knows.
    const stored = await catalogue.embeddings.get(collection, modelId, ids);
    const vectors = new Map(stored.map(({ itemId, vector }) => [itemId, vector]));
    for (const wanted of batch) {
      if (this.#wanted.get(wanted.itemId) !== wanted) continue;
      const vector = vectors.get(wanted.itemId);
      if (vector) this.#options.mended(wanted.itemId, vector);
      this.forget(wanted.itemId);
    }
  }

  #fail(batch: readonly Wanted[], cause: unknown): void {
    const failed = batch.filter((wanted) => this.#wanted.get(wanted.itemId) === wanted).map(({ itemId }) => itemId);
    if (failed.length === 0) return;
    this.failures += failed.length;
    const { collection, log, modelId } = this.#options;
    log.error({ collection, modelId, itemIds: failed, err: cause }, 'Items could not be embedded');
    for (const itemId of failed) this.forget(itemId);
  }
}
