import { readFile } from 'node:fs/promises';
import type { PersonEvent } from '../../src/recommend/behaviour/histories.js';
import { debianPackage } from './debian-package.js';

/** 4,627 baskets of a supermarket over the departments they hold, from Weka's examples (Debian's weka). No times. */
export async function baskets(say?: (line: string) => void): Promise<readonly PersonEvent[]> {
  const text = await readFile(await debianPackage('weka', 'usr/share/doc/weka/examples/supermarket.arff', say), 'utf8');
  const departments = [...text.matchAll(/^@attribute '([^']+)' \{ t\}/gm)].map((match) => match[1]!);
  const rows = text
    .slice(text.search(/^@data/m))
    .split('\n')
    .filter((line) => /^[?t],/.test(line));
  return rows.flatMap((line, basket) =>
    line.split(',').flatMap((field, at): PersonEvent[] => {
      const itemId = departments[at];
      return field === 't' && itemId !== undefined
        ? [{ person: String(basket), itemId, kind: 'purchase', time: 0 }]
        : [];
    }),
  );
}
