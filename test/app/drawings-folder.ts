import { mkdir, mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { demoCatalogue } from '../../src/cli/demo-catalogue.js';

/** A folder of real drawings (and one file that only claims to be a picture), as a user would have one. */
export async function drawingsFolder(count: number): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'kindred-drawings-'));
  await mkdir(join(folder, 'nested'));
  let written = 0;
  for await (const picture of (await demoCatalogue()).list()) {
    if (written === count) break;
    const place = written % 2 === 0 ? folder : join(folder, 'nested');
    await writeFile(join(place, `${picture.itemId}.webp`), await picture.read());
    written++;
  }
  await writeFile(join(folder, 'broken.jpg'), 'this is no picture');
  return folder;
}

/** A new folder for KINDRED_DATA and KINDRED_MODELS. */
export async function freshHome(): Promise<{ data: string; models: string; environment: Record<string, string> }> {
  const home = await mkdtemp(join(tmpdir(), 'kindred-home-'));
  const [data, models] = [join(home, 'index-data'), join(home, 'models')];
  return { data, models, environment: { KINDRED_DATA: data, KINDRED_MODELS: models } };
}
