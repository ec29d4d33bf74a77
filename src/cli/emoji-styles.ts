import { readdir, readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { byteOrder } from '../core/vectors.js';
import { AppError } from '../errors.js';
import { type IconifySet, iconifySet } from './iconify-set.js';

/** The same emoji, drawn by five houses; each is a package that a checkout's `npm ci` brings. */
export const EMOJI_STYLES = ['fluent-3d', 'noto', 'twemoji', 'openmoji', 'fluent-flat'] as const;
export type EmojiStyle = (typeof EMOJI_STYLES)[number];

const PACKAGES: { readonly [style in EmojiStyle]: string } = {
  'fluent-3d': '@lobehub/fluent-emoji-3d',
  noto: '@iconify-json/noto',
  twemoji: '@iconify-json/twemoji',
  openmoji: '@iconify-json/openmoji',
  'fluent-flat': '@iconify-json/fluent-emoji-flat',
};

/** All that the demo draws, names and asks with. */
const DEMO_PACKAGES = [...Object.values(PACKAGES), 'emojibase-data'];

/** One style: its drawings by codepoint key. */
export interface EmojiSet {
  readonly style: EmojiStyle;
  /** Keys in byte order, skin tones left out. */
  readonly codepoints: readonly string[];
  /** Keys for which the set has more than one drawing; the first in byte order is the one that is read. */
  readonly ambiguous: ReadonlySet<string>;
  /** WebP or SVG; undefined where the style does not draw it. */
  read(codepoint: string): Promise<Buffer | undefined>;
}

/** The key that joins styles: lower-case codepoints without the variation selector `fe0f`. */
export function codepointKey(written: string): string {
  const parts = written.toLowerCase().split(/[-_]/);
  return parts.filter((part) => part !== 'fe0f').join('-');
}

/** Whether a key has a skin tone (1f3fb to 1f3ff): a near-copy of the emoji without. */
export const hasSkinTone = (key: string): boolean => /(^|-)1f3f[b-f](-|$)/.test(key);

/** The folder of a package that only a checkout has. Throws SOURCE_UNUSABLE. */
export function demoPackage(name: string, resolve = createRequire(import.meta.url).resolve): string {
  try {
    return dirname(resolve(`${name}/package.json`));
  } catch (cause) {
    const install = `npm install ${DEMO_PACKAGES.join(' ')}`;
    const why = `the package ${name}, which the demo's drawings come from, is not installed; run \`${install}\``;
    throw new AppError('SOURCE_UNUSABLE', { why }, { cause });
  }
}

/** Groups what is written in several ways under one key, skin tones left out. */
function byKey(written: readonly string[]): Map<string, string[]> {
  const groups = new Map<string, string[]>();
  for (const each of [...written].sort(byteOrder)) {
    const key = codepointKey(each);
    if (!hasSkinTone(key)) groups.set(key, [...(groups.get(key) ?? []), each]);
  }
  return groups;
}

function setOf(
  style: EmojiStyle,
  written: readonly string[],
  read: (written: string) => Promise<Buffer | undefined>,
): EmojiSet {
  const groups = byKey(written);
  return {
    style,
    codepoints: [...groups.keys()].sort(byteOrder),
    ambiguous: new Set([...groups].filter(([, several]) => several.length > 1).map(([key]) => key)),
    read: async (codepoint) => {
      const first = groups.get(codepoint)?.[0];
      return first === undefined ? undefined : await read(first);
    },
  };
}

/** An emoji set in Iconify's form, whatever package it came from. */
export function emojiSetOf(style: string, set: IconifySet): EmojiSet {
  return setOf(style as EmojiStyle, [...set.chars.keys()], async (written) => {
    const svg = set.svg(set.chars.get(written)!);
    return svg === undefined ? undefined : Buffer.from(svg);
  });
}

/** Opens one of the five styles. Throws SOURCE_UNUSABLE where its package is missing. */
export async function emojiSet(style: EmojiStyle): Promise<EmojiSet> {
  const folder = demoPackage(PACKAGES[style]);
  if (style !== 'fluent-3d') return emojiSetOf(style, await iconifySet(folder));
  const files = (await readdir(join(folder, 'assets'))).filter((name) => name.endsWith('.webp'));
  const written = files.map((name) => name.slice(0, -'.webp'.length));
  return setOf(style, written, (each) => readFile(join(folder, 'assets', `${each}.webp`)));
}
