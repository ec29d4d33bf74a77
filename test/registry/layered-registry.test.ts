import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { FileRegistry } from '../../src/registry/file-registry.js';
import { LayeredRegistry } from '../../src/registry/layered-registry.js';
import type { ModelRegistry } from '../../src/registry/registry.js';

const folder = (): Promise<string> => mkdtemp(join(tmpdir(), 'kindred-layers-'));

const publish = (registry: ModelRegistry, modelId: string, createdAt: string) =>
  registry.publish(
    {
      modelId,
      createdAt,
      kindredVersion: '0.0.0',
      modality: 'image',
      dimension: 2,
      sample: { shape: [8, 8, 3] },
      preparation: {},
      data: { fingerprint: 'f', count: 1, source: 'test', skipped: 0 },
      settings: {},
      seed: 1,
      parent: null,
      curve: [],
      scores: {},
      baselines: {},
      credits: [],
      encoderParameters: 1,
    },
    { encoder: Buffer.from(modelId) },
  );

describe('LayeredRegistry', () => {
  it('reads from every folder and writes to the first', async () => {
    const [own, shipped] = [new FileRegistry(await folder()), new FileRegistry(await folder())];
    await publish(shipped, 'shipped', '2026-01-01T00:00:00.000Z');
    const registry = new LayeredRegistry([own, shipped]);
    await publish(registry, 'mine', '2026-01-02T00:00:00.000Z');

    expect((await registry.list()).map((model) => model.modelId)).toEqual(['shipped', 'mine']);
    expect((await own.list()).map((model) => model.modelId)).toEqual(['mine']);
    expect((await registry.read('shipped')).modelId).toBe('shipped');
    expect(registry.path('shipped', 'encoder.onnx')).toBe(shipped.path('shipped', 'encoder.onnx'));
    expect(registry.path('mine', 'encoder.onnx')).toBe(own.path('mine', 'encoder.onnx'));
  });

  it('says which model is missing', async () => {
    const registry = new LayeredRegistry([new FileRegistry(await folder()), new FileRegistry(await folder())]);

    await expect(registry.read('gone')).rejects.toMatchObject({ code: 'MODEL_NOT_FOUND' });
  });
});
