import { AppError } from '../errors.js';
import type { Signer } from './signer.js';

/** Deepest place that pages of a search reach: each page is computed with all before it. */
export const MAX_OFFSET = 10_000;

/** What a cursor belongs to: it opens no other request. */
export interface CursorOwner {
  /** The operation, the collection and everything that shapes the answer but `k` and the cursor, as text. */
  readonly shape: string;
  readonly indexId: string | null;
}

/** The cursor of the page that begins behind `offset` hits; undefined where pages end. */
export function offsetCursor(signer: Signer, owner: CursorOwner, offset: number): string | undefined {
  if (offset >= MAX_OFFSET) return undefined;
  const place = JSON.stringify([offset, owner.indexId]);
  return `${Buffer.from(place).toString('base64url')}.${signer.sign('cursor', `${place}\n${owner.shape}`)}`;
}

/** Where the page of a cursor begins. Throws CURSOR_INVALID, or CURSOR_GONE where another index is served by now. */
export function readOffset(signer: Signer, owner: CursorOwner, cursor: string | undefined): number {
  if (cursor === undefined) return 0;
  const [offset, indexId] = JSON.parse(opened(signer, owner.shape, cursor)) as [number, string | null];
  if (indexId !== owner.indexId) throw new AppError('CURSOR_GONE', {});
  return offset;
}

/** The cursor of the page that begins behind an id. */
export function afterCursor(signer: Signer, shape: string, after: string): string {
  return `${Buffer.from(after).toString('base64url')}.${signer.sign('cursor', `${after}\n${shape}`)}`;
}

export function readAfter(signer: Signer, shape: string, cursor: string): string {
  return opened(signer, shape, cursor);
}

/** The cursor of the page that begins behind an id, as one index has it. */
export const indexCursor = (signer: Signer, { shape, indexId }: CursorOwner, after: string): string =>
  afterCursor(signer, shape, JSON.stringify([after, indexId]));

/** Behind which id the page begins. Throws CURSOR_INVALID, or CURSOR_GONE where another index is served by now. */
export function readIndexCursor(signer: Signer, owner: CursorOwner, cursor: string): string {
  const [after, indexId] = JSON.parse(opened(signer, owner.shape, cursor)) as [string, string | null];
  if (indexId !== owner.indexId) throw new AppError('CURSOR_GONE', {});
  return after;
}

function opened(signer: Signer, shape: string, cursor: string): string {
  const dot = cursor.indexOf('.');
  const place = Buffer.from(cursor.slice(0, Math.max(0, dot)), 'base64url').toString();
  if (dot < 1 || !signer.verify('cursor', `${place}\n${shape}`, cursor.slice(dot + 1)))
    throw new AppError('CURSOR_INVALID', {});
  return place;
}
