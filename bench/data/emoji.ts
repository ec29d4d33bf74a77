import { join } from 'node:path';
import { EMOJI_STYLES, type EmojiSet, type EmojiStyle, emojiSet } from '../../src/cli/emoji-styles.js';
import { fingerprint } from '../../src/core/fingerprint.js';
import type { PictureSource } from '../../src/images/picture-source.js';
import { Preparation } from '../../src/images/preparation.js';
import { type PreparedSamples, prepareSamples } from '../../src/images/prepare-samples.js';
import { cacheFolder } from './cache-folder.js';
import { isHeldOut } from './emoji-protocol.js';

/** One drawing: WebP or SVG bytes. */
export interface EmojiDrawing {
  readonly style: EmojiStyle;
  readonly codepoint: string;
  read(): Promise<Buffer>;
}

/** The codepoints that all five styles draw, one drawing each, no two of them with the same pixels in any style. */
export interface SharedEmoji {
  readonly codepoints: readonly string[];
  readonly heldOut: readonly string[];
  readonly drawings: readonly EmojiDrawing[];
  /** Prepared samples of some of the codepoints in one style, in their order. Close them when done. */
  samples(style: EmojiStyle, codepoints: readonly string[], preparation: Preparation): Promise<PreparedSamples>;
}

const PIXELS = join(cacheFolder, 'pixels');

/** Some codepoints in one style as a source of pictures. */
function sourceOf(set: EmojiSet, codepoints: readonly string[]): PictureSource {
  return {
    description: `emoji drawn by ${set.style}`,
    async *list() {
      for (const codepoint of codepoints) {
        const name = `${set.style}/${codepoint}`;
        yield { name, itemId: name, attributes: { style: set.style }, read: async () => (await set.read(codepoint))! };
      }
    },
  };
}

async function samplesOf(set: EmojiSet, codepoints: readonly string[], preparation: Preparation) {
  const options = { cacheFolder: PIXELS, dropEqual: false };
  const prepared = await prepareSamples(sourceOf(set, codepoints), preparation, options);
  if (prepared.skipped.length > 0) throw new Error(`Unreadable emoji: ${prepared.skipped.map(({ name }) => name)}`);
  return prepared;
}

/** Codepoints whose pixels equal another's in this style: there both answers would be right. */
async function twins(set: EmojiSet, codepoints: readonly string[]): Promise<string[]> {
  const { samples, close } = await samplesOf(set, codepoints, Preparation.parse({}));
  const groups = new Map<string, string[]>();
  codepoints.forEach((codepoint, index) => {
    const pixels = fingerprint(samples.read(index));
    groups.set(pixels, [...(groups.get(pixels) ?? []), codepoint]);
  });
  close();
  return [...groups.values()].filter((group) => group.length > 1).flat();
}

/** Opens all five styles; pictures are decoded once into the cache (half a minute the first time). */
export async function sharedEmoji(): Promise<SharedEmoji> {
  const sets = await Promise.all(EMOJI_STYLES.map(emojiSet));
  const everywhere = sets[0]!.codepoints.filter((codepoint) =>
    sets.every((set) => set.codepoints.includes(codepoint) && !set.ambiguous.has(codepoint)),
  );
  const equal = new Set<string>();
  for (const set of sets) for (const codepoint of await twins(set, everywhere)) equal.add(codepoint);
  const codepoints = everywhere.filter((codepoint) => !equal.has(codepoint));
  const read = (set: EmojiSet, codepoint: string) => async () => (await set.read(codepoint))!;
  return {
    codepoints,
    heldOut: codepoints.filter(isHeldOut),
    drawings: sets.flatMap((set) =>
      codepoints.map((codepoint) => ({ style: set.style, codepoint, read: read(set, codepoint) })),
    ),
    samples: (style, wanted, preparation) => samplesOf(sets[EMOJI_STYLES.indexOf(style)]!, wanted, preparation),
  };
}
