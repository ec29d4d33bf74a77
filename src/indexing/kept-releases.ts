import type { Release } from '../catalogue/catalogue.js';
import { byteOrder } from '../core/vectors.js';

/** The release that was active before the one that is: what one would go back to. */
export function previousRelease(releases: readonly Release[]): Release | undefined {
  return releases
    .filter((release) => !release.active && release.activatedAt !== null)
    .sort(
      (a, b) => b.activatedAt! - a.activatedAt! || b.createdAt - a.createdAt || byteOrder(a.releaseId, b.releaseId),
    )[0];
}

/**
 * Ids of the releases of one collection that are kept: the active one, the one before it, and all that were made or
 * activated at or after `idleSince` (epoch milliseconds).
 */
export function keptReleases(releases: readonly Release[], idleSince: number): ReadonlySet<string> {
  const previous = previousRelease(releases);
  const kept = releases.filter(
    (release) =>
      release.active ||
      release === previous ||
      release.createdAt >= idleSince ||
      (release.activatedAt ?? -Infinity) >= idleSince,
  );
  return new Set(kept.map(({ releaseId }) => releaseId));
}
