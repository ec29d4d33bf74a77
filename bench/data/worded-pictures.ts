import { demoCaptions } from '../../src/cli/demo-catalogue.js';
import { emojiSet } from '../../src/cli/emoji-styles.js';
import type { PictureSource } from '../../src/images/picture-source.js';
import { UNSEEN_STYLE } from './emoji-protocol.js';
import { furniture } from './furniture.js';
import type { WordedItem } from './synthetic-tastes.js';

/** A catalogue with a picture and words of each item. */
export interface WordedPictures {
  readonly source: PictureSource;
  readonly items: readonly WordedItem[];
}

/** Words of a name that say what a thing is: four letters or more. */
export const nameWords = (name: string): string[] =>
  [...name.toLowerCase().matchAll(/\p{L}{4,}/gu)].map(([word]) => word).filter((word) => word !== 'with');

/** Emoji as OpenMoji draws them, which no encoder of ours has seen, by the words of their names and their subgroup. */
export async function wordedDrawings(): Promise<WordedPictures> {
  const set = await emojiSet(UNSEEN_STYLE);
  const captions = await demoCaptions();
  const captioned = set.codepoints.flatMap((codepoint) => {
    const caption = captions.get(codepoint);
    return caption?.subgroup && !set.ambiguous.has(codepoint) ? [{ codepoint, ...caption }] : [];
  });
  return {
    items: captioned.map(({ codepoint, name, subgroup }) => ({
      itemId: codepoint,
      words: [...nameWords(name), `subgroup ${subgroup}`],
    })),
    source: {
      description: `emoji drawn by ${UNSEEN_STYLE}`,
      async *list() {
        for (const { codepoint, name } of captioned)
          yield { name, itemId: codepoint, attributes: {}, read: async () => (await set.read(codepoint))! };
      },
    },
  };
}

/** Furniture by the words of its name, its category and its tags. */
export async function wordedFurniture(say?: (line: string) => void): Promise<WordedPictures> {
  const pieces = await furniture(say);
  return {
    items: pieces.map(({ itemId, name, category, tags }) => ({
      itemId,
      words: [...nameWords(name), `category ${category}`, ...tags.map((tag) => `tag ${tag}`)],
    })),
    source: {
      description: 'furniture',
      async *list() {
        for (const { itemId, name, read } of pieces) yield { name, itemId, attributes: {}, read };
      },
    },
  };
}
