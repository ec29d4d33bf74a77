import { createHash } from 'node:crypto';
import { EMOJI_STYLES, type EmojiStyle } from '../../src/cli/emoji-styles.js';
import { dot } from '../../src/core/vectors.js';

/** The style no encoder of ours is ever trained on. */
export const UNSEEN_STYLE: EmojiStyle = 'openmoji';

/** Whether a codepoint is kept from training: sha1(codepoint) % 5 = 0, the whole hash as one big-endian number. */
export function isHeldOut(codepoint: string): boolean {
  return BigInt(`0x${createHash('sha1').update(codepoint).digest('hex')}`) % 5n === 0n;
}

/** One ordered pair of styles: ask with every drawing of one, search among all drawings of the other. */
export interface StylePair {
  readonly query: EmojiStyle;
  readonly gallery: EmojiStyle;
}

/** The 18 ordered pairs: all but those of Fluent flat and Fluent 3D, which are nearly one drawing. */
export const STYLE_PAIRS: readonly StylePair[] = EMOJI_STYLES.flatMap((query) =>
  EMOJI_STYLES.filter((gallery) => gallery !== query)
    .filter((gallery) => !(query.startsWith('fluent') && gallery.startsWith('fluent')))
    .map((gallery) => ({ query, gallery })),
);

export interface RetrievalScores {
  /** Share of questions whose right answer stands first. */
  readonly recallAt1: number;
  readonly recallAt5: number;
  /** Mean of 1 / rank of the right answer. */
  readonly meanReciprocalRank: number;
}

/** Row i of `queries` and row i of `gallery` are one emoji. Cosine of unit rows; an equal one counts as before it. */
export function judgePair(queries: readonly Float32Array[], gallery: readonly Float32Array[]): RetrievalScores {
  if (queries.length !== gallery.length || queries.length === 0)
    throw new RangeError(
      `Expected as many queries as gallery rows and at least one: ${queries.length}, ${gallery.length}.`,
    );
  let [first, five, reciprocal] = [0, 0, 0];
  queries.forEach((query, right) => {
    const own = dot(query, gallery[right]!);
    let rank = 1;
    for (let other = 0; other < gallery.length; other++)
      if (other !== right && dot(query, gallery[other]!) >= own) rank++;
    if (rank === 1) first++;
    if (rank <= 5) five++;
    reciprocal += 1 / rank;
  });
  const share = (sum: number): number => sum / queries.length;
  return { recallAt1: share(first), recallAt5: share(five), meanReciprocalRank: share(reciprocal) };
}

/** Scores of every pair, their mean, and the mean over the pairs with the unseen style. */
export interface EmojiScores {
  readonly all: RetrievalScores;
  readonly unseen: RetrievalScores;
  readonly pairs: readonly (StylePair & RetrievalScores)[];
}

/**
 * Judges embeddings of the same held-out codepoints, in the same order, in all five styles: rows are unit vectors. The
 * right answer is the same codepoint in the other style.
 */
export function judgeEmoji(embeddings: { readonly [style in EmojiStyle]: readonly Float32Array[] }): EmojiScores {
  const pairs = STYLE_PAIRS.map((pair) => ({
    ...pair,
    ...judgePair(embeddings[pair.query], embeddings[pair.gallery]),
  }));
  const withUnseen = pairs.filter(({ query, gallery }) => query === UNSEEN_STYLE || gallery === UNSEEN_STYLE);
  return { all: mean(pairs), unseen: mean(withUnseen), pairs };
}

function mean(scores: readonly RetrievalScores[]): RetrievalScores {
  const of = (pick: (score: RetrievalScores) => number): number =>
    scores.reduce((sum, score) => sum + pick(score), 0) / scores.length;
  return {
    recallAt1: of((score) => score.recallAt1),
    recallAt5: of((score) => score.recallAt5),
    meanReciprocalRank: of((score) => score.meanReciprocalRank),
  };
}
