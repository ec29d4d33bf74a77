import { mkdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { DRAFT_PREFIX, flush } from '../core/atomic-files.js';
import { AppError, isDiskFull } from '../errors.js';

const CONTENT = /^[0-9a-f]{64}$/;
/** An original, a derived file, or a draft of either. */
const FILE = /^(\.draft-)?[0-9a-f]{64}[a-z0-9.-]*$/;

export const isMissing = (cause: unknown): boolean => (cause as { code?: string }).code === 'ENOENT';

/** Where a store's files are: `<folder>/ab/cd/abcd…`, two levels of 256 folders, so that no folder grows too long. */
export interface BlobPlaces {
  readonly root: string;
  readonly trash: string;
  /** Throws BLOB_DAMAGED for what is no content's name. */
  original(content: string): string;
  inTrash(content: string): string;
  /** Of an original, a derived file or a draft. Throws BLOB_DAMAGED for any other name. */
  file(name: string): string;
}

export function blobPlaces(root: string): BlobPlaces {
  const trash = join(root, 'trash');
  const checked = (name: string, shape: RegExp): string => {
    if (!shape.test(name)) throw new AppError('BLOB_DAMAGED', { content: name });
    return name;
  };
  const place = (name: string): string => {
    const content = name.startsWith(DRAFT_PREFIX) ? name.slice(DRAFT_PREFIX.length) : name;
    return join(root, content.slice(0, 2), content.slice(2, 4), name);
  };
  return {
    root,
    trash,
    original: (content) => place(checked(content, CONTENT)),
    inTrash: (content) => join(trash, checked(content, CONTENT)),
    file: (name) => place(checked(name, FILE)),
  };
}

/** File systems' failures in the catalogue's language. */
export async function told<T>(run: () => Promise<T>): Promise<T> {
  try {
    return await run();
  } catch (cause) {
    if (cause instanceof AppError) throw cause;
    if (isDiskFull(cause)) throw new AppError('DISK_FULL', { what: 'the pictures' }, { cause });
    throw new AppError('CATALOGUE_UNAVAILABLE', { why: `pictures: ${(cause as Error).message}` }, { cause });
  }
}

/** Makes the folders down to `folder`, and flushes each one's entry in the one above: a power cut keeps them. */
export async function makeFolders(root: string, folder: string): Promise<void> {
  const first = await mkdir(folder, { recursive: true });
  if (first === undefined) return;
  for (let made = folder; made.length >= first.length && made !== dirname(made); made = dirname(made)) {
    await flush(dirname(made));
    if (made === root) break;
  }
}
