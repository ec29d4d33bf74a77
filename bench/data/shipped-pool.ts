import { codepointKey, type EmojiSet, emojiSet, hasSkinTone } from '../../src/cli/emoji-styles.js';
import { type IconifySet, iconifySet } from '../../src/cli/iconify-set.js';
import type { PictureSource, SourcePicture } from '../../src/images/picture-source.js';
import { type CodepointNames, codepointNames } from './codepoint-names.js';
import { isHeldOut } from './emoji-protocol.js';
import { npmPackage } from './npm-package.js';
import { STYLE_SETS, type StyleSet, TRAINING_LICENCES, TRAINING_STYLES } from './style-sets.js';

/** Whom the pictures of one set are owed to. */
export interface Credit {
  readonly set: string;
  readonly author: string;
  /** SPDX. */
  readonly licence: string;
  readonly pictures: number;
}

/** What the shipped encoder learns from. Equal pixels are dropped as samples are prepared (`prepareSamples`). */
export interface ShippedPool {
  readonly source: PictureSource;
  readonly credits: readonly Credit[];
  /** What was left out of each set and why, in numbers. */
  readonly left: readonly { readonly set: string; readonly heldOut: number; readonly unknown: number }[];
}

/** Sets write some codepoints with fewer digits: all spellings of one must be held out together. */
const padded = (key: string): string =>
  key
    .split('-')
    .map((part) => part.padStart(4, '0'))
    .join('-');
const unpadded = (key: string): string =>
  key
    .split('-')
    .map((part) => part.replace(/^0+(?=.)/, ''))
    .join('-');
export const mayTrainOn = (key: string): boolean => ![key, padded(key), unpadded(key)].some(isHeldOut);

const picture = (set: string, name: string, read: () => Promise<Buffer>): SourcePicture => ({
  name: `${set}/${name}`,
  itemId: `${set}/${name}`,
  attributes: { set },
  read,
});

/** Names ending in a tone (`-light`, `-medium-dark-skin-tone`): near-copies of the drawing without. */
const tonedName = (name: string): boolean =>
  /-(light|medium-light|medium|medium-dark|dark)(-skin-tone)?(-|$)/.test(name);

/**
 * What of a named emoji set may be trained on: a drawing is left out if any codepoint its name may stand for is held
 * out, or has a skin tone; and where nobody knows the name, since then nobody can tell.
 */
export function sortByName(
  set: IconifySet,
  names: CodepointNames,
): { kept: string[]; heldOut: number; unknown: number } {
  const kept: string[] = [];
  let [heldOut, unknown] = [0, 0];
  for (const name of set.names) {
    const keys = [...names.codepointsOf(name)];
    const plain = keys.filter((key) => !hasSkinTone(key));
    if (keys.length === 0) unknown++;
    else if (!plain.every(mayTrainOn)) heldOut++;
    else if (plain.length > 0 && !tonedName(name)) kept.push(name);
  }
  return { kept, heldOut, unknown };
}

function checkLicence(set: IconifySet): string {
  if (!TRAINING_LICENCES.includes(set.license))
    throw new Error(`${set.title} is under ${set.license}: not to train on.`);
  return set.license;
}

function emojiPictures(set: EmojiSet): SourcePicture[] {
  return set.codepoints
    .map(codepointKey)
    .filter(mayTrainOn)
    .map((key) => picture(set.style, key, async () => (await set.read(key))!));
}

/** Fluent 3D has no info.json; the package and Microsoft's original are MIT. The others are checked when they open. */
const CHECKOUT_CREDITS: { readonly [style: string]: Omit<Credit, 'pictures'> } = {
  'fluent-3d': { set: 'Fluent Emoji 3D', author: 'Microsoft Corporation', licence: 'MIT' },
  noto: { set: 'Noto Emoji', author: 'Google Inc', licence: 'Apache-2.0' },
  twemoji: { set: 'Twitter Emoji', author: 'Twitter', licence: 'CC-BY-4.0' },
  'fluent-flat': { set: 'Fluent Emoji Flat', author: 'Microsoft Corporation', licence: 'MIT' },
};

async function openStyleSet(row: StyleSet, names: CodepointNames, say?: (line: string) => void) {
  const set = await iconifySet(await npmPackage(row.package, row.version, say));
  const licence = checkLicence(set);
  const sorted = row.emoji ? sortByName(set, names) : { kept: [...set.names], heldOut: 0, unknown: 0 };
  const { kept, heldOut, unknown } = sorted;
  const short = row.package.replace(/^.*\//, '');
  return {
    pictures: kept.map((name) => picture(short, name, async () => Buffer.from(set.svg(name)!))),
    credit: { set: set.title, author: set.author, licence, pictures: kept.length },
    left: { set: short, heldOut, unknown },
  };
}

/**
 * Some 18,000 drawings in sixteen styles, without OpenMoji and without the held-out codepoints in any style. The sets
 * beside a checkout's are fetched from npm into the cache (20 MB). Wallpapers were considered for photographic texture
 * and left out: those of Debian's plasma-workspace-wallpapers are share-alike or LGPL, one by one.
 */
export async function shippedPool(say?: (line: string) => void): Promise<ShippedPool> {
  const names = await codepointNames();
  const pictures: SourcePicture[] = [];
  const credits: Credit[] = [];
  const left: { set: string; heldOut: number; unknown: number }[] = [];
  for (const style of TRAINING_STYLES) {
    const set = await emojiSet(style);
    const kept = emojiPictures(set);
    pictures.push(...kept);
    credits.push({ ...CHECKOUT_CREDITS[style]!, pictures: kept.length });
    left.push({ set: style, heldOut: set.codepoints.length - kept.length, unknown: 0 });
  }
  for (const row of STYLE_SETS) {
    const opened = await openStyleSet(row, names, say);
    pictures.push(...opened.pictures);
    credits.push(opened.credit);
    left.push(opened.left);
  }
  return {
    source: {
      description: 'free drawings in sixteen styles',
      async *list() {
        yield* pictures;
      },
    },
    credits,
    left,
  };
}
