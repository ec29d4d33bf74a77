import { dot, type Vector } from '../core/vectors.js';

/** Something that somebody likes: a unit vector, and how much, above 0. */
export interface Like {
  readonly vector: Vector;
  readonly weight: number;
}

/** Likes that belong together, the strongest first, and what they weigh together. */
export interface Taste<One extends Like> {
  readonly likes: readonly One[];
  readonly weight: number;
}

/**
 * Splits what somebody likes into tastes, the heaviest first: from the strongest like down, each joins the taste whose
 * first like it is most alike to, if their cosine is `alike` or more, and else is the first of a taste of its own. So
 * there are as many tastes as there are likes that are not alike, whatever their number; the `most` heaviest are kept.
 * Ties stay in the order given. The leader algorithm: Hartigan 1975, "Clustering Algorithms", chapter 3; to answer by
 * several of somebody's clusters, by weight, is from Pal et al. 2020, "PinnerSage", arXiv:2007.03634.
 */
export function splitTastes<One extends Like>(
  likes: readonly One[],
  { alike, most }: { readonly alike: number; readonly most: number },
): Taste<One>[] {
  const tastes: { first: One; likes: One[]; weight: number }[] = [];
  for (const like of [...likes].sort((a, b) => b.weight - a.weight)) {
    let nearest: (typeof tastes)[number] | undefined;
    let closest = alike;
    for (const taste of tastes) {
      const cosine = dot(taste.first.vector, like.vector);
      if (cosine < closest || (nearest && cosine === closest)) continue;
      nearest = taste;
      closest = cosine;
    }
    if (nearest) {
      nearest.likes.push(like);
      nearest.weight += like.weight;
    } else tastes.push({ first: like, likes: [like], weight: like.weight });
  }
  return tastes.sort((a, b) => b.weight - a.weight).slice(0, most);
}
