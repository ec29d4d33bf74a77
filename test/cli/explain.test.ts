import { dirname, join } from 'node:path';
import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { drawingsFolder, freshHome } from '../app/drawings-folder.js';
import { runKindred } from './run-kindred.js';

async function twoPictures(): Promise<[string, string]> {
  const folder = await drawingsFolder(1);
  const draw = async (name: string, shape: string) => {
    const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="96" height="64"><rect width="96" height="64" fill="#eee"/>${shape}</svg>`;
    await sharp(Buffer.from(svg)).png().toFile(join(folder, name));
    return join(folder, name);
  };
  return [
    await draw('a.png', '<circle cx="30" cy="30" r="20" fill="#d22"/>'),
    await draw('b.png', '<circle cx="60" cy="34" r="20" fill="#d22"/>'),
  ];
}

describe('kindred explain', () => {
  it('writes both heat maps as one PNG, and prints the numbers of each cell', async () => {
    const [one, other] = await twoPictures();
    const home = await freshHome();
    const out = join(home.data, '..', 'why.png');

    const { code, stdout } = await runKindred(['explain', one, other, '--out', out, '--size', '96', '--json'], home);

    expect(code).toBe(0);
    const said = JSON.parse(stdout);
    const { format, width, height } = await sharp(out).metadata();
    expect([format, width, height, said.file]).toEqual(['png', 2 * 96 + 12, 96, out]);
    for (const { places, shares } of [said.one, said.other]) {
      expect(places.values).toHaveLength(places.rows * places.columns);
      expect(shares.values.reduce((a: number, b: number) => a + b, 0)).toBeCloseTo(said.similarity, 4);
    }
    expect(said.modelId).toMatch(/^kindred-/);
  });

  it.each([
    [['--size', '20'], 'REQUEST_INVALID'],
    [['--show', 'all'], 'REQUEST_INVALID'],
    [['--model', 'nobody'], 'MODEL_NOT_FOUND'],
  ])('refuses %j', async (flags, code) => {
    const [one, other] = await twoPictures();

    const { stdout } = await runKindred(['explain', one, other, ...flags, '--json'], await freshHome());

    expect(JSON.parse(stdout).error.code).toBe(code);
  });

  it('takes items for names that no file has, as it takes their files, and says which it does not know', async () => {
    const [one, other] = await twoPictures();
    const home = await freshHome();
    expect(await runKindred(['items', 'import', dirname(one)], home)).toMatchObject({ code: 0 });
    const out = join(home.data, '..', 'why.png');
    const said = async (named: string) => {
      const { stdout } = await runKindred(['explain', one, named, '--out', out, '--json'], home);
      return JSON.parse(stdout);
    };

    expect(await said('b.png')).toEqual(await said(other));
    expect((await said('nobody')).error).toMatchObject({
      code: 'ITEM_NOT_FOUND',
      message: expect.stringContaining('nobody'),
    });
  }, 120_000);
});
