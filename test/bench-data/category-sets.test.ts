import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { balanced } from '../../bench/data/category-sets.js';

it('takes the pictures that have a category: none of small categories, some of large ones, evenly spaced', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'categories-'));
  try {
    for (const [category, count] of Object.entries({ birds: 250, cats: 8, dogs: 7, signs: 20 })) {
      await mkdir(join(folder, category));
      for (let i = 0; i < count; i++) await writeFile(join(folder, category, `${String(i).padStart(3, '0')}.svg`), '');
    }

    const taken = await balanced(folder, (name) => (name.startsWith('signs/') ? undefined : name.split('/')[0]));

    const of = (category: string) => taken.filter(({ attributes }) => attributes.category === category);
    expect(taken).toHaveLength(108);
    expect(of('cats')).toHaveLength(8);
    expect(of('birds').map(({ name }) => name)).toEqual(
      Array.from({ length: 100 }, (_, i) => `birds/${String(Math.floor(i * 2.5)).padStart(3, '0')}.svg`),
    );
  } finally {
    await rm(folder, { recursive: true });
  }
});
