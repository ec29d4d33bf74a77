import { join } from 'node:path';
import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { drawingsFolder, freshHome } from '../app/drawings-folder.js';
import { runKindred } from './run-kindred.js';

/** Two scenes with the same red star at other places. */
async function scenes(): Promise<[string, string]> {
  const folder = await drawingsFolder(1);
  const scene = async (name: string, star: string, disc: string) => {
    const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="200" height="100"><rect width="200" height="100" fill="#dde"/>
      <path transform="translate(${star})" fill="#d22" d="M25 0 32 18 50 19 36 31 41 50 25 39 9 50 14 31 0 19 18 18Z"/>
      <circle transform="translate(${disc})" r="22" fill="#26a"/></svg>`;
    const file = join(folder, name);
    await sharp(Buffer.from(svg)).png().toFile(file);
    return file;
  };
  return [await scene('a.png', '10 20', '150 50'), await scene('b.png', '130 30', '50 50')];
}

describe('kindred localise', () => {
  it('finds a thing in another picture with the encoder that ships', async () => {
    const [query, target] = await scenes();
    const home = await freshHome();

    const { code, stdout } = await runKindred(['localise', query, target, '--region', '10,20,50,50', '--json'], home);

    expect(code).toBe(0);
    const { box, score, modelId } = JSON.parse(stdout);
    expect(modelId).toMatch(/^kindred-/);
    expect(score).toBeLessThanOrEqual(1);
    const [across, down] = [box.x + box.width / 2, box.y + box.height / 2]; // the star's middle is 155, 55
    expect(Math.hypot(across - 155, down - 55)).toBeLessThan(25);
    for (const side of Object.values(box)) expect(Number.isInteger(side)).toBe(true);
  });

  it.each(['10,20,500,50', '10,20'])('refuses the box %s', async (region) => {
    const [query, target] = await scenes();
    const home = await freshHome();

    const { code, stdout } = await runKindred(['localise', query, target, `--region=${region}`, '--json'], home);

    expect(code).toBe(1);
    expect(JSON.parse(stdout).error.code).toBe('REQUEST_INVALID');
  });
});
