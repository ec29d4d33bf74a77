import { randomUUID } from 'node:crypto';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { openRegistry } from '../../src/app/stores.js';
import { trainModel } from '../../src/app/training-line.js';
import { readConfig } from '../../src/config.js';
import { noLog } from '../../src/core/log.js';
import { openSource } from '../../src/images/open-source.js';
import { drawingsFolder, freshHome } from './drawings-folder.js';

it('publishes a model without a report where none can be made, and says so', async () => {
  const home = await freshHome();
  const environment = {
    config: readConfig(home.environment),
    now: () => 1_800_000_000_000,
    newId: randomUUID,
    log: noLog,
    version: '0.0.0',
    cores: 1,
  };
  const source = await openSource(await drawingsFolder(12));
  const said: string[] = [];

  const { manifest } = await trainModel(
    environment,
    { registry: openRegistry(environment) },
    {
      source,
      name: 'unreported',
      preparation: { size: 16 },
      settings: { budget: { steps: 2 }, batch: 8 },
      work: {
        signal: new AbortController().signal,
        holdsClaim: async () => {},
        progress: ({ stage }) => {
          if (stage === 'report') throw new Error('No picture can be drawn.');
        },
      },
      say: (line) => said.push(line),
    },
  );

  expect((await readdir(join(home.models, manifest.modelId))).sort()).toEqual([
    'encoder.onnx',
    'manifest.json',
    'parameters.bin',
  ]);
  expect(said.join('\n')).toContain('No report could be made');
});
