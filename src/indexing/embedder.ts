import type { Vector } from '../core/vectors.js';
import type { AppError } from '../errors.js';

/** Originals in, vectors out: preparation and encoder joined, for the indexer, the intake and the queries alike. */
export interface Embedder {
  readonly modelId: string;
  readonly dimension: number;
  /** One vector, or the error that says why there is none, for each original, in order. Never throws for a bad picture. */
  embed(originals: readonly Uint8Array[]): Promise<readonly (Vector | AppError)[]>;
  close(): Promise<void>;
}

/** Opens the embedder of a model, or the default one. Kept open and shared: closing is the owner's business. */
export interface Embedders {
  /** Throws MODEL_NOT_FOUND. */
  get(modelId: string): Promise<Embedder>;
  /** The model a new collection gets: the newest that is shipped or published, undefined where there is none. */
  defaultModelId(): Promise<string | undefined>;
}
