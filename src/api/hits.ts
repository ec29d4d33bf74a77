import type { Hit } from '../recommend/planner.js';
import type { Signer } from './signer.js';

/** Size of the thumbnails that answers point to, in pixels. */
const THUMBNAIL = 256;

/** The address of an item's picture, relative to this server; signed where a signer is handed in. */
export function imageUrl(collection: string, itemId: string, size: number | null, signer: Signer | null): string {
  const path = `/v1/collections/${collection}/items/${encodeURIComponent(itemId)}/image`;
  const query = [
    ...(size === null ? [] : [`size=${size}`]),
    ...(signer ? [signer.pictureQuery(collection, itemId)] : []),
  ];
  return query.length === 0 ? path : `${path}?${query.join('&')}`;
}

export interface HitAnswer {
  readonly itemId: string;
  readonly similarity?: number;
  readonly score?: number;
  readonly attributes: Hit['attributes'];
  readonly imageUrl?: string;
  readonly explain?: Hit['explain'];
}

/** Hits as answers show them. */
export function hitAnswers(collection: string, hits: readonly Hit[], signer: Signer | null): HitAnswer[] {
  return hits.map((hit) => ({
    itemId: hit.itemId,
    ...(hit.similarity === undefined ? {} : { similarity: hit.similarity }),
    ...(hit.score === undefined ? {} : { score: hit.score }),
    attributes: hit.attributes,
    ...(hit.hasPicture ? { imageUrl: imageUrl(collection, hit.itemId, THUMBNAIL, signer) } : {}),
    ...(hit.explain === undefined ? {} : { explain: hit.explain }),
  }));
}
