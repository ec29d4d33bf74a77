import { readdir, readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { debianPackage } from './debian-package.js';
import { zipEntries } from './zip-entries.js';

const FOLDER = 'usr/share/sweethome3d/furniture';
const CATALOGUE = 'PluginFurnitureCatalog.properties';

/** One product of the catalogue. */
export interface Furniture {
  readonly itemId: string;
  readonly name: string;
  readonly category: string;
  readonly tags: readonly string[];
  /** Its icon, a PNG with transparency. */
  read(): Promise<Buffer>;
}

/**
 * 820 pieces of furniture with icon, name, category and tags, from Debian's sweethome3d-furniture (CC-BY-3.0 and CC0). To
 * judge with; 120 MB are fetched for it the first time.
 */
export async function furniture(say?: (line: string) => void): Promise<readonly Furniture[]> {
  const folder = dirname(await debianPackage('sweethome3d-furniture', `${FOLDER}/BlendSwap-CC-0.sh3f`, say));
  const files = (await readdir(folder)).filter((name) => name.endsWith('.sh3f')).sort();
  const found: Furniture[] = [];
  for (const file of files) {
    const entries = zipEntries(await readFile(join(folder, file)));
    const properties = parseProperties(entries.get(CATALOGUE)?.().toString('latin1') ?? '');
    for (let i = 1; properties.has(`name#${i}`); i++) {
      const icon = entries.get(properties.get(`icon#${i}`)?.replace(/^\//, '') ?? '');
      if (!icon) continue;
      found.push({
        itemId: `${file.replace(/\.sh3f$/, '')}/${i}`,
        name: properties.get(`name#${i}`)!,
        category: properties.get(`category#${i}`) ?? '',
        tags: (properties.get(`tags#${i}`) ?? '')
          .split(',')
          .map((tag) => tag.trim())
          .filter(Boolean),
        read: async () => icon(),
      });
    }
  }
  return found;
}

/** Lines `key=value` as Java writes them: `\uXXXX`, a backslash before signs, and at the end of a line that goes on. */
export function parseProperties(text: string): ReadonlyMap<string, string> {
  const lines = text.replace(/\\\r?\n[ \t]*/g, '').split(/\r?\n/);
  const found = new Map<string, string>();
  for (const line of lines) {
    const match = /^\s*([^#!=:\s][^=:\s]*)\s*[=:]\s*(.*)$/.exec(line);
    if (match) found.set(unescaped(match[1]!), unescaped(match[2]!));
  }
  return found;
}

const unescaped = (text: string): string =>
  text
    .replace(/\\u([0-9a-fA-F]{4})/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)))
    .replace(/\\(.)/g, '$1');
