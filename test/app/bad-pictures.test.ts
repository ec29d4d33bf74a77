import { randomUUID } from 'node:crypto';
import { existsSync, rmSync } from 'node:fs';
import { mkdtemp, readdir, readFile, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import { beforeAll, describe, expect, it } from 'vitest';
import { openRegistry } from '../../src/app/stores.js';
import { type TrainedModel, trainModel } from '../../src/app/training-line.js';
import { readConfig } from '../../src/config.js';
import { noLog } from '../../src/core/log.js';
import type { Progress } from '../../src/core/progress.js';
import { openSource } from '../../src/images/open-source.js';
import { drawingsFolder, freshHome } from './drawings-folder.js';

/** Drawings, as files hold them. */
let drawings: Buffer[];
beforeAll(async () => {
  const folder = await drawingsFolder(12);
  const names = (await readdir(folder, { recursive: true })).filter((name) => name.endsWith('.webp'));
  drawings = await Promise.all(names.map((name) => readFile(join(folder, name))));
});

async function folderOf(files: readonly Buffer[]): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'kindred-bad-'));
  for (const [i, file] of files.entries()) await writeFile(join(folder, `${i}.webp`), file);
  return folder;
}

/** Trains for two steps on a folder, as the command line does. */
async function train(folder: string, over: { progress?: Progress; environment?: object } = {}): Promise<TrainedModel> {
  const home = await freshHome();
  const environment = {
    config: readConfig({ KINDRED_VIEW_THREADS: '0', ...home.environment, ...over.environment }),
    now: () => 1_800_000_000_000,
    newId: randomUUID,
    log: noLog,
    version: '0.0.0',
    cores: 1,
  };
  return trainModel(
    environment,
    { registry: openRegistry(environment) },
    {
      source: await openSource(folder),
      name: 'bad',
      preparation: { size: 16 },
      settings: { budget: { steps: 2 }, batch: 8, architectureOptions: { width: 0.25 } },
      work: {
        signal: new AbortController().signal,
        holdsClaim: async () => {},
        progress: over.progress ?? (() => {}),
      },
    },
  );
}
const tooFew = (message: string | RegExp) => ({ code: 'TOO_FEW_SAMPLES', message: expect.stringMatching(message) });

describe('training on a folder', () => {
  it('without any file says that nothing was found', async () => {
    await expect(train(await folderOf([]))).rejects.toMatchObject(
      tooFew(/^At least 8 different pictures.* found: 0\.$/),
    );
  });

  it('with one picture says so', async () => {
    await expect(train(await folderOf(drawings.slice(0, 1)))).rejects.toMatchObject(tooFew(/ found: 1\.$/));
  });

  it('of identical pictures says that they are one', async () => {
    const same = Array<Buffer>(12).fill(drawings[0]!);

    await expect(train(await folderOf(same))).rejects.toMatchObject(
      tooFew(/ found: 1\. 11 pictures have the same pixels as another\.$/),
    );
  });

  it('of pictures that are too large names the first, its limit and the setting', async () => {
    const refused = train(await folderOf(drawings), { environment: { KINDRED_MAX_PIXELS: '1000' } });

    await expect(refused).rejects.toMatchObject(
      tooFew(/ found: 0\. 12 pictures have not been read, 0\.webp first: .*larger than 1000 pixels/),
    );
  });

  it('of sixty million pixels among others passes over the huge one by name', async () => {
    const create = { width: 10_000, height: 6_000, channels: 3, background: 'red' } as const;
    const huge = await sharp({ create }).png().toBuffer();

    const { manifest, skipped } = await train(await folderOf([...drawings, huge]));

    expect(manifest.data).toMatchObject({ count: 12, skipped: 1 });
    expect(skipped).toMatchObject([{ name: '12.webp', code: 'PICTURE_TOO_LARGE' }]);
  });

  it('of pictures of ten pixels enlarges them, and learns', async () => {
    const tiny = await Promise.all(
      drawings.map((drawing) => sharp(drawing).flatten().resize(5, 2, { fit: 'fill' }).png().toBuffer()),
    );

    const { manifest } = await train(await folderOf(tiny));

    expect(manifest.data).toMatchObject({ count: 12, skipped: 0 });
  });

  it('that loses files before they are read names them, and learns from the rest', async () => {
    const folder = await folderOf(drawings);
    const { manifest, skipped } = await train(folder, {
      progress: ({ stage }) => stage === 'prepare' && rmSync(join(folder, '9.webp'), { force: true }),
    });

    expect(manifest.data).toMatchObject({ count: 11, skipped: 1 });
    expect(skipped).toMatchObject([{ name: '9.webp', why: expect.stringContaining('ENOENT') }]);
  });

  it('that loses all files while it trains learns on from what it has read', async () => {
    const folder = await folderOf(drawings);
    const { manifest } = await train(folder, {
      progress: ({ stage }) => stage === 'training' && rmSync(folder, { recursive: true, force: true }),
    });

    expect(existsSync(folder)).toBe(false);
    expect(manifest).toMatchObject({ data: { count: 12 }, scores: { steps: 2 } });
  });
});
