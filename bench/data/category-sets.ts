import { dirname } from 'node:path';
import { folderSource } from '../../src/images/folder-source.js';
import type { PictureSource, SourcePicture } from '../../src/images/picture-source.js';
import { debianPackage } from './debian-package.js';
import { furniture } from './furniture.js';

/** Categories of fewer pictures are left out, and of larger ones so many are taken, evenly spaced. */
const [LEAST, MOST] = [8, 100];
type Say = (line: string) => void;

/**
 * Pictures of things by category (`attributes.category`), none of which any encoder of ours is trained on: to judge
 * whether one has learnt more than its own kind of pictures. Adding one: its line here.
 */
export const CATEGORY_SETS: Readonly<Record<string, (say: Say) => Promise<PictureSource>>> = {
  furniture: furnitureByCategory,
  photographs: (say) => stamps(say, (name) => name.endsWith('.png') && !name.includes('/cartoon/')),
  'clip-art': clipArt,
};

/** Renders of products, 120 MB. All categories are taken whole: what was measured on this set before stays comparable. */
async function furnitureByCategory(say: Say): Promise<PictureSource> {
  const pieces = await furniture(say);
  return sourceOf(
    'furniture',
    pieces.map(({ itemId, name, category, read }) => ({ itemId, name, attributes: { category }, read })),
  );
}

/**
 * What Tux Paint stamps with, 161 MB (GPL-2): mostly photographs of things cut out of their background. Letters and other
 * signs are left out.
 */
async function stamps(say: Say, wanted: (name: string) => boolean): Promise<PictureSource> {
  const inside = 'usr/share/tuxpaint/stamps';
  const folder = dirname(await debianPackage('tuxpaint-stamps-default', `${inside}/animals`, say));
  const signs = /^(symbols|town\/(flags|roadsigns))\//;
  return sourceOf(
    'stamps',
    await balanced(folder, (name) => (wanted(name) && !signs.test(name) ? name.split('/')[0] : undefined)),
  );
}

/** Drawings of the Open Clip Art Library, 25 MB (public domain), by folder and folder in it: `animals/birds`. */
async function clipArt(say: Say): Promise<PictureSource> {
  const inside = 'usr/share/openclipart/svg';
  const folder = await debianPackage('openclipart-svg', inside, say);
  return sourceOf(
    'clip art',
    await balanced(folder, (name) =>
      name.endsWith('.svg') && name.split('/').length > 2 ? name.split('/').slice(0, 2).join('/') : undefined,
    ),
  );
}

/** The pictures of a folder that have a category, as many of each as are wanted. */
export async function balanced(
  folder: string,
  categoryOf: (name: string) => string | undefined,
): Promise<SourcePicture[]> {
  const groups = new Map<string, SourcePicture[]>();
  for await (const picture of folderSource(folder).list()) {
    const category = categoryOf(picture.name);
    if (category === undefined) continue;
    groups.set(category, [...(groups.get(category) ?? []), { ...picture, attributes: { category } }]);
  }
  return [...groups.values()]
    .filter((group) => group.length >= LEAST)
    .flatMap((group) => {
      const step = Math.max(1, group.length / MOST);
      return Array.from({ length: Math.min(group.length, MOST) }, (_, i) => group[Math.floor(i * step)]!);
    });
}

const sourceOf = (description: string, pictures: readonly SourcePicture[]): PictureSource => ({
  description,
  async *list() {
    yield* pictures;
  },
});
