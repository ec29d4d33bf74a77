import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { codepointKey, demoPackage } from '../../src/cli/emoji-styles.js';
import { iconifySet } from '../../src/cli/iconify-set.js';

const Labelled = z.object({ hexcode: z.string(), label: z.string() });
const Emoji = Labelled.extend({ skins: z.array(Labelled).optional() });
const Shortcodes = z.record(z.string(), z.union([z.string(), z.array(z.string())]));
const SETS_WITH_CHARS = ['noto', 'twemoji', 'openmoji', 'fluent-emoji-flat'];

/** Which codepoints an English name may stand for: several where sources differ, none where nobody knows it. */
export interface CodepointNames {
  codepointsOf(name: string): ReadonlySet<string>;
}

/** Sets write one name in many ways: `flag-for-flag-france`, `sliceofpizza`, `woman-astronaut-2`. */
const squeeze = (name: string): string => name.toLowerCase().replace(/[^a-z0-9]/g, '');
const spellings = (name: string): string[] => [
  name,
  name.replace(/-\d+$/, ''),
  name.replace(/^flag-for-(flag-)?/, 'flag-'),
  name.replace(/^digit-/, 'keycap-digit-'),
  `${name}-face`,
  `${name}-sign`,
  name.replace(/^black|^white|symbol$/, ''),
];

/** Collects names from four sets that say their codepoints, and from emojibase's labels, shortcodes and Unicode names. */
export async function codepointNames(): Promise<CodepointNames> {
  const names = new Map<string, Set<string>>();
  const add = (name: string, written: string): void => {
    const known = names.get(squeeze(name)) ?? new Set();
    names.set(squeeze(name), known.add(codepointKey(written)));
  };
  for (const set of SETS_WITH_CHARS) {
    const { chars, aliases } = await iconifySet(demoPackage(`@iconify-json/${set}`));
    for (const [written, name] of chars) for (const each of [name, ...(aliases.get(name) ?? [])]) add(each, written);
  }
  const base = demoPackage('emojibase-data');
  const json = async (file: string): Promise<unknown> => JSON.parse(await readFile(join(base, file), 'utf8'));
  for (const { hexcode, label, skins = [] } of z.array(Emoji).parse(await json('en/data.json')))
    for (const each of [{ hexcode, label }, ...skins]) add(each.label, each.hexcode);
  for (const file of await readdir(join(base, 'en/shortcodes'))) {
    if (!file.endsWith('.json')) continue;
    const codes = Shortcodes.parse(await json(`en/shortcodes/${file}`));
    for (const [written, given] of Object.entries(codes)) for (const name of [given].flat()) add(name, written);
  }
  const unicode = z.record(z.string(), z.string()).parse(await json('meta/unicode-names.json'));
  for (const [written, name] of Object.entries(unicode)) add(name, written);
  return {
    codepointsOf: (name) => new Set(spellings(name).flatMap((each) => [...(names.get(squeeze(each)) ?? [])])),
  };
}
