import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { AppError } from '../errors.js';
import { thumbnail } from '../images/decode.js';
import type { PictureSource } from '../images/picture-source.js';
import { codepointKey, demoPackage, type EmojiSet, type EmojiStyle, emojiSet, hasSkinTone } from './emoji-styles.js';

const Emoji = z.object({
  hexcode: z.string(),
  label: z.string(),
  group: z.number().optional(),
  subgroup: z.number().optional(),
});
const Names = z.record(z.string(), z.string());
const Groups = z.object({ groups: Names, subgroups: Names });

export interface Caption {
  readonly name: string;
  readonly group: string | null;
  readonly subgroup: string | null;
}

/** The demo's pictures, and the same emoji in other styles, to ask with. */
export interface DemoCatalogue extends PictureSource {
  /** The same emoji drawn by another house, as a PNG of 256 pixels. Throws ITEM_NOT_FOUND, SOURCE_UNUSABLE. */
  otherStyle(codepoint: string, style: EmojiStyle): Promise<Buffer>;
}

/** Names and groups by codepoint key, from emojibase (MIT). */
export async function demoCaptions(): Promise<ReadonlyMap<string, Caption>> {
  const folder = demoPackage('emojibase-data');
  const json = async (file: string): Promise<unknown> => JSON.parse(await readFile(join(folder, file), 'utf8'));
  const { groups, subgroups } = Groups.parse(await json('meta/groups.json'));
  const emoji = z.array(Emoji).parse(await json('en/data.json'));
  const named = (names: z.output<typeof Names>, number: number | undefined): string | null =>
    number === undefined ? null : (names[number] ?? null);
  return new Map(
    emoji.map(({ hexcode, label, group, subgroup }) => [
      codepointKey(hexcode),
      { name: label, group: named(groups, group), subgroup: named(subgroups, subgroup) },
    ]),
  );
}

/** As emojibase writes them: four digits at least. */
const padded = (key: string): string =>
  key
    .split('-')
    .map((part) => part.padStart(4, '0'))
    .join('-');

/**
 * Drawings that their set has under one key only. The Fluent 3D package brings the keycaps, © and ® twice, as `39-20e3`
 * and as `0039-20e3`; the padded key is the one that every other style has too.
 */
function once(codepoints: readonly string[]): readonly string[] {
  const drawn = new Set(codepoints);
  return codepoints.filter((codepoint) => padded(codepoint) === codepoint || !drawn.has(padded(codepoint)));
}

/**
 * Every Fluent 3D drawing but the skin tones: 1,855 pictures, ids as `1f34e` and `1f468-200d-1f33e`. Their packages come
 * with a checkout only. Listing throws SOURCE_UNUSABLE where they are missing.
 */
export function demoCatalogue(): DemoCatalogue {
  const sets = new Map<EmojiStyle, Promise<EmojiSet>>();
  const setOf = (style: EmojiStyle): Promise<EmojiSet> => {
    const opened = sets.get(style) ?? emojiSet(style);
    sets.set(style, opened);
    return opened;
  };

  return {
    description: 'the demo catalogue (Fluent 3D emoji)',
    async *list() {
      const set = await setOf('fluent-3d');
      const names = await demoCaptions();
      for (const codepoint of once(set.codepoints)) {
        const { name, group, subgroup } = names.get(padded(codepoint)) ?? {
          name: codepoint,
          group: null,
          subgroup: null,
        };
        yield {
          name,
          itemId: codepoint,
          attributes: { name, ...(group === null ? {} : { group }), ...(subgroup === null ? {} : { subgroup }) },
          read: async () => (await set.read(codepoint))!,
        };
      }
    },
    async otherStyle(codepoint, style) {
      const drawing = hasSkinTone(codepoint) ? undefined : await (await setOf(style)).read(codepointKey(codepoint));
      if (drawing === undefined) throw new AppError('ITEM_NOT_FOUND', { itemId: `${codepoint} in style ${style}` });
      return thumbnail(drawing, 256, undefined, 'png');
    },
  };
}
