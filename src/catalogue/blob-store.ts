/** Originals and thumbnails by the SHA-256 of their bytes: written once, flushed, never changed. */
export interface BlobStore {
  /** Stores the bytes (a no-op where they are there) and answers their SHA-256. On disk before it resolves. */
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
}
