import { mkdir, mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { demoCatalogue } from '../../src/cli/demo-catalogue.js';

/** A folder with a folder for each of these groups of drawings, `each` real drawings in it. */
export async function sortedDrawings(groups: readonly string[], each: number): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'kindred-sorted-'));
  const left = new Map(groups.map((group) => [group, each]));
  for (const group of groups) await mkdir(join(folder, group));
  for await (const { itemId, attributes, read } of (await demoCatalogue()).list()) {
    const group = String(attributes.group);
    const wanted = left.get(group) ?? 0;
    if (wanted === 0) continue;
    left.set(group, wanted - 1);
    await writeFile(join(folder, group, `${itemId}.webp`), await read());
  }
  return folder;
}
