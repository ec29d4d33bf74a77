import { mkdtemp, readFile, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { doubtsAbout } from '../../src/app/backbone.js';
import { readBackbone } from '../../src/encoder/imported/read-backbone.js';
import { runKindred } from '../cli/run-kindred.js';
import { residualFile } from '../encoder/imported/networks.js';
import { toySamples } from '../training/toy-samples.js';
import { drawingsFolder, freshHome } from './drawings-folder.js';

let folder: string;
let home: Awaited<ReturnType<typeof freshHome>>;
let file: string;
beforeAll(async () => {
  folder = await drawingsFolder(40);
  home = await freshHome();
  file = join(await mkdtemp(join(tmpdir(), 'kindred-backbone-')), 'small.onnx');
  await writeFile(file, residualFile());
});

const train = (...flags: string[]) =>
  runKindred(['train', folder, '--steps', '3', '--batch', '16', '--only-model', '--json', ...flags], home);
const manifestOf = async (modelId: string) =>
  JSON.parse(await readFile(join(home.models, modelId, 'manifest.json'), 'utf8')) as Record<string, unknown>;

describe('kindred train --backbone', () => {
  it('adapts a network from a file, keeps its licence, and goes on from the result', async () => {
    const first = await train('--backbone', file, '--backbone-licence', 'Apache-2.0', '--name', 'first');
    expect(first).toMatchObject({ code: 0 });
    const { modelId } = JSON.parse(first.stdout) as { modelId: string };
    const manifest = await manifestOf(modelId);
    expect(manifest).toMatchObject({
      dimension: 10,
      sample: { shape: [32, 32, 3] },
      licence: 'Apache-2.0',
      backbone: { name: 'small.onnx', licence: 'Apache-2.0', sha256: expect.stringMatching(/^[0-9a-f]{64}$/) },
      settings: { training: { architecture: 'imported', firstLayerRate: 0.1, learningRate: 3e-4 } },
    });

    const next = await train('--from', modelId, '--name', 'next');
    expect(next).toMatchObject({ code: 0 });
    expect(await manifestOf((JSON.parse(next.stdout) as { modelId: string }).modelId)).toMatchObject({
      parent: modelId,
      licence: 'Apache-2.0',
      backbone: manifest.backbone,
    });
  });

  it('wants a licence and a file', async () => {
    const unlicensed = await train('--backbone', file);
    expect(unlicensed.code).not.toBe(0);
    expect(unlicensed.stdout + unlicensed.stderr).toMatch(/--backbone-licence/);
    const missing = await train('--backbone', `${file}.not`, '--backbone-licence', 'MIT');
    expect(missing.code).not.toBe(0);
    expect(missing.stdout + missing.stderr).toMatch(/can't be read/);
  });

  it('sees nothing wrong with a network whose scaling changes little, and says where numbers have no end', async () => {
    const samples = toySamples(24, 32, 3);
    const pictures = Array.from({ length: 24 }, (_, i) => samples.read(i));
    const right = readBackbone(residualFile(), { mean: [0.5], deviation: [0.25] });
    expect(await doubtsAbout(right.saved, pictures, 1)).toEqual([]);
    const wrong = readBackbone(residualFile(), { mean: [1e30], deviation: [1e-30] });
    expect((await doubtsAbout(wrong.saved, pictures, 1)).join()).toMatch(/scaling/);
  });
});
