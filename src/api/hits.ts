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
  readonly similarity?: number | undefined;
  readonly confidence?: number | undefined;
  readonly score?: number | undefined;
  readonly duplicates?: Hit['duplicates'] | undefined;
  readonly attributes: Hit['attributes'];
  readonly imageUrl?: string | undefined;
  readonly propensity?: number | undefined;
  readonly explored?: true | undefined;
  readonly explain?: Hit['explain'] | undefined;
}

/** Hits as answers show them. */
export function hitAnswers(collection: string, hits: readonly Hit[], signer: Signer | null): HitAnswer[] {
  return hits.map((hit) => hitAnswer(collection, hit, signer));
}

function hitAnswer(collection: string, hit: Hit, signer: Signer | null): HitAnswer {
  const { itemId, similarity, confidence, score, duplicates, attributes, propensity, explored, explain } = hit;
  // Fields that are undefined are left out by JSON; spreading each in would cost more than the search of a hit.
  return {
    itemId,
    similarity,
    confidence,
    score,
    duplicates,
    attributes,
    imageUrl: hit.hasPicture ? imageUrl(collection, itemId, THUMBNAIL, signer) : undefined,
    propensity,
    explored,
    explain,
  };
}
