/** One picture somewhere: a name to show people, an id for the item, attributes if the source has them, and its bytes. */
export interface SourcePicture {
  /** What a person recognises: a path relative to the folder, a URL, an item id. */
  readonly name: string;
  readonly itemId: string;
  readonly attributes: { readonly [field: string]: unknown };
  /** The original bytes. Throws AppError PICTURE_UNREADABLE, PICTURE_TOO_LARGE, URL_REFUSED or URL_FAILED. */
  read(): Promise<Buffer>;
}

/** Where pictures come from: a folder, a manifest, the catalogue. Listing is cheap and never opens a picture. */
export interface PictureSource {
  /** For messages and manifests: `folder ./pictures`. */
  readonly description: string;
  /** In a stable order. Throws SOURCE_UNUSABLE. */
  list(): AsyncIterable<SourcePicture>;
}

/** A picture that was passed over, and why: counted and named, never fatal. */
export interface SkippedPicture {
  readonly name: string;
  readonly code: string;
  readonly why: string;
}
