import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';

const Frame = {
  left: z.number().optional(),
  top: z.number().optional(),
  width: z.number().optional(),
  height: z.number().optional(),
};
const Turn = { hFlip: z.boolean().optional(), vFlip: z.boolean().optional(), rotate: z.number().optional() };
const Icons = z.object({
  ...Frame,
  icons: z.record(z.string(), z.object({ body: z.string(), hidden: z.boolean().optional(), ...Frame, ...Turn })),
  aliases: z.record(z.string(), z.object({ parent: z.string(), ...Frame, ...Turn })).optional(),
});
type Icons = z.output<typeof Icons>;

const Info = z.object({
  name: z.string(),
  author: z.object({ name: z.string(), url: z.string().optional() }),
  license: z.object({ title: z.string(), spdx: z.string().optional(), url: z.string().optional() }),
});

/** A set of drawings in Iconify's form: one JSON of SVG bodies, and which codepoints they draw where it is an emoji set. */
export interface IconifySet {
  /** Names of the drawings shown to people (no aliases, no hidden ones), in byte order. */
  readonly names: readonly string[];
  /** Codepoints as the set writes them (`1f469-1f3fd`) → name. Empty where the set is no emoji set. */
  readonly chars: ReadonlyMap<string, string>;
  /** Other names of a drawing, by the name they stand for. */
  readonly aliases: ReadonlyMap<string, readonly string[]>;
  readonly title: string;
  readonly author: string;
  /** SPDX where the set says so. */
  readonly license: string;
  /** A whole SVG document, or undefined where there is no such drawing. */
  svg(name: string): string | undefined;
}

/** Reads a package's folder. Throws what the file system and the schemas throw. */
export async function iconifySet(folder: string): Promise<IconifySet> {
  const json = async (file: string): Promise<unknown> => JSON.parse(await readFile(join(folder, file), 'utf8'));
  const icons = Icons.parse(await json('icons.json'));
  const info = Info.parse(await json('info.json'));
  const chars = z.record(z.string(), z.string()).parse(await json('chars.json').catch(() => ({})));
  const shown = Object.entries(icons.icons).filter(([, { hidden }]) => hidden !== true);
  const aliases = new Map<string, string[]>();
  for (const [name, { parent }] of Object.entries(icons.aliases ?? {}))
    aliases.set(parent, [...(aliases.get(parent) ?? []), name]);
  return {
    aliases,
    names: shown.map(([name]) => name).sort(),
    chars: new Map(Object.entries(chars)),
    title: info.name,
    author: info.author.name,
    license: info.license.spdx ?? info.license.title,
    svg: (name) => svgOf(icons, name),
  };
}

/** An alias takes what it does not say from its parent; its turns come on top of the parent's. */
function svgOf(icons: Icons, name: string): string | undefined {
  const alias = Object.hasOwn(icons.aliases ?? {}, name) ? icons.aliases![name] : undefined;
  const parent = alias?.parent ?? name;
  const icon = Object.hasOwn(icons.icons, parent) ? icons.icons[parent] : undefined;
  if (icon === undefined) return undefined;
  const { left = 0, top = 0, width = 16, height = 16 } = { ...icons, ...icon, ...alias };
  const turns: string[] = [];
  if ((icon.hFlip ?? false) !== (alias?.hFlip ?? false)) turns.push(`translate(${2 * left + width} 0) scale(-1 1)`);
  if ((icon.vFlip ?? false) !== (alias?.vFlip ?? false)) turns.push(`translate(0 ${2 * top + height}) scale(1 -1)`);
  const quarters = ((icon.rotate ?? 0) + (alias?.rotate ?? 0)) % 4;
  if (quarters > 0) turns.push(`rotate(${quarters * 90} ${left + width / 2} ${top + height / 2})`);
  const body = turns.length > 0 ? `<g transform="${turns.join(' ')}">${icon.body}</g>` : icon.body;
  const size = `width="${width}" height="${height}" viewBox="${left} ${top} ${width} ${height}"`;
  return `<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" ${size}>${body}</svg>`;
}
