/** Originals and thumbnails by the SHA-256 of their bytes: written once, flushed, never changed. */
export interface BlobStore {
  /**
   * Stores the bytes (where they are there already, it only says that they are wanted from now on) and answers their
   * SHA-256. On disk before it resolves.
   */
  put(bytes: Uint8Array): Promise<string>;
  /** The bytes, or undefined where there are none. Throws BLOB_DAMAGED where they no longer match their name. */
  get(content: string): Promise<Buffer | undefined>;
  has(content: string): Promise<boolean>;
  delete(content: string): Promise<void>;
  /** A derived file (a thumbnail) kept beside its original: made once by `make`, then read. */
  derived(
    content: string,
    variant: string,
    make: (original: Buffer) => Promise<Uint8Array>,
  ): Promise<Buffer | undefined>;
  readonly upkeep: BlobUpkeep;
}

/** The files of one folder of the store, by name. */
export interface BlobFolder {
  readonly originals: readonly string[];
  /** What a killed writer left, and derived files whose original is gone. */
  readonly strays: readonly string[];
}

/**
 * Taking away what nobody refers to, in two steps: into the trash, where `put`, `get`, `has` and `derived` find an
 * original and put it back, and later out of it. A picture is on disk before the row that names it commits, so whoever
 * looks at rows and then deletes at once may delete what a row is just about to name.
 */
export interface BlobUpkeep {
  /** Everything but the trash, a folder at a time. */
  folders(): AsyncIterable<BlobFolder>;
  /** What is in the trash, some hundreds at a time. */
  trashed(): AsyncIterable<readonly string[]>;
  /** When an original (or stray) was last wanted, or when it went into the trash. Undefined where it is not there. */
  about(name: string, where: 'kept' | 'trash'): Promise<BlobFile | undefined>;
  /** Moves an original to the trash. Its derived files are removed; they can be made again. Bytes that this freed. */
  trash(content: string): Promise<number>;
  /** Out of the trash, back to its place. False where it is not in the trash. */
  restore(content: string): Promise<boolean>;
  /** Out of the trash for good. */
  purge(content: string): Promise<void>;
  removeStray(name: string): Promise<void>;
}

export interface BlobFile {
  readonly sizeBytes: number;
  /** Epoch milliseconds. */
  readonly touchedAt: number;
}
