import { join } from 'node:path';
import sharp from 'sharp';
import { expect, it } from 'vitest';
import { demoCatalogue } from '../../src/cli/demo-catalogue.js';
import { drawingsFolder, freshHome } from '../app/drawings-folder.js';
import { runKindred } from './run-kindred.js';

it('`kindred duplicates` finds pictures that are there twice, at which rate, and `kindred search` how sure that is', async () => {
  const folder = await drawingsFolder(120);
  const home = await freshHome();
  const twice: string[] = [];
  for await (const { itemId, read } of (await demoCatalogue()).list()) {
    if (twice.length === 3) break;
    twice.push(itemId);
    const saved = sharp(await read())
      .flatten({ background: '#fff' })
      .jpeg({ quality: 85 });
    await saved.toFile(join(folder, `again-${itemId}.jpg`));
  }
  expect(await runKindred(['items', 'import', folder], home)).toMatchObject({ code: 0 });
  expect(await runKindred(['index'], home)).toMatchObject({ code: 0 });
  const { code, stdout } = await runKindred(['duplicates', '--json'], home);
  expect(code).toBe(0);
  const answer = JSON.parse(stdout) as {
    rate: number;
    similarity: number;
    items: number;
    groups: { itemId: string; duplicates: { itemId: string; similarity: number; confidence: number }[] }[];
  };
  expect(answer).toMatchObject({ rate: 0.01, items: 123 });
  const found = answer.groups.map(({ itemId, duplicates }) => [itemId, ...duplicates.map((each) => each.itemId)]);
  for (const itemId of twice) {
    const group = found.find((ids) => ids.some((id) => id.includes(`again-${itemId}.`)));
    expect(group?.some((id) => id.endsWith(`${itemId}.webp`))).toBe(true);
  }
  expect(found.length).toBeLessThanOrEqual(6);
  for (const { duplicates } of answer.groups)
    for (const each of duplicates) {
      expect(each.similarity).toBeGreaterThan(answer.similarity);
      expect(each.confidence).toBeGreaterThan(0.5);
    }

  const [copied = ''] = found[0] ?? [];
  const search = async (...flags: string[]) => runKindred(['search', copied, ...flags], home);
  expect((await search('-k', '3')).stdout).toMatch(/similarity.*same picture.*attributes.*\d\.\d%/s);
  expect((await search('--min-confidence', '1')).stdout).toMatch(/^No good match: the closest item has/);
  expect((await runKindred(['search', './no-such.jpg'], home)).stderr).toContain("the file can't be read");
  expect((await search('--min-confidence', 'much')).stderr).toContain('--min-confidence is a number from 0 to 1');
}, 240_000);
