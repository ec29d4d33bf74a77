import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { runKindred } from '../cli/run-kindred.js';
import { drawingsFolder, freshHome } from './drawings-folder.js';

describe('kindred train --from', () => {
  it('keeps what is not said of the network, and reads its stages as it is told to', async () => {
    const [folder, home] = [await drawingsFolder(24), await freshHome()];
    const train = async (...flags: string[]) => {
      const ran = await runKindred(['train', folder, '--steps', '2', '--only-model', '--json', ...flags], home);
      if (ran.code !== 0) return ran.stdout + ran.stderr;
      const { modelId } = JSON.parse(ran.stdout) as { modelId: string };
      return JSON.parse(await readFile(join(home.models, modelId, 'manifest.json'), 'utf8')) as { modelId: string };
    };
    const { modelId } = (await train('--width', '0.25')) as { modelId: string };

    const next = await train('--from', modelId, '--readout', '1', '--name', 'next');
    expect(next).toMatchObject({
      parent: modelId,
      settings: { training: { architectureOptions: { width: 0.25, pool: 2, readout: 1 } } },
    });
    expect(await train('--from', modelId, '--width', '0.5')).toMatch(/width\\":0\.25.*width\\":0\.5/);
    expect(await train('--from', modelId, '--architecture', 'convolutional')).toMatch(/residual.*convolutional/);
  });
});
