import { mkdir, mkdtemp, readdir, readFile, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { DRAFT_PREFIX } from '../../src/core/atomic-files.js';
import { fingerprint } from '../../src/core/fingerprint.js';
import { AppError } from '../../src/errors.js';
import { FileRegistry } from '../../src/registry/file-registry.js';

let root: string;
let registry: FileRegistry;

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'kindred-registry-'));
  registry = new FileRegistry(root);
});
afterEach(() => rm(root, { recursive: true, force: true }));

const made = (modelId: string, createdAt = '2025-01-01T00:00:00.000Z') => ({
  modelId,
  kindredVersion: '0.1.0',
  createdAt,
  modality: 'image' as const,
  dimension: 4,
  sample: { shape: [8, 8, 3] },
  preparation: { size: 8, channels: 3 },
  encoderParameters: 12,
  data: { fingerprint: 'f', count: 3, source: 'folder x', skipped: 0 },
  settings: { method: 'simclr' },
  seed: 1,
  parent: null,
  curve: [],
  scores: { effectiveRank: 3 },
  baselines: {},
  credits: [],
});
const encoder = Buffer.from('not really a graph');
const parameters = Buffer.from([1, 2, 3]);
const refusal = (code: string) => expect.objectContaining({ code }) as unknown;

describe('FileRegistry', () => {
  it('is empty where there is no folder yet', async () => {
    expect(await new FileRegistry(join(root, 'nowhere')).list()).toEqual([]);
  });

  it('gives back what was published, with sizes and hashes', async () => {
    const published = await registry.publish(made('m1'), { encoder, parameters });

    expect(published.encoder).toEqual({
      file: 'encoder.onnx',
      sha256: fingerprint(encoder),
      sizeBytes: encoder.length,
      parameters: 12,
    });
    expect(published.parameters).toMatchObject({ sizeBytes: 3, sha256: fingerprint(parameters) });
    expect(await registry.read('m1')).toEqual(published);
    expect(await readFile(registry.path('m1', 'encoder.onnx'))).toEqual(encoder);
    expect(await readFile(registry.path('m1', 'parameters.bin'))).toEqual(parameters);
    expect((await readdir(join(root, 'm1'))).sort()).toEqual(['encoder.onnx', 'manifest.json', 'parameters.bin']);
  });

  it('puts a report beside the rest, which nobody misses where it is gone', async () => {
    const published = await registry.publish(made('m1'), { encoder, report: '<p>for people' });

    expect(await readFile(registry.path('m1', 'report.html'), 'utf8')).toBe('<p>for people');
    await rm(registry.path('m1', 'report.html'));
    expect(await registry.read('m1')).toEqual(published);
  });

  it('says so in the manifest where the weights were not kept', async () => {
    const published = await registry.publish(made('m1'), { encoder });

    expect(published.parameters).toBeUndefined();
    expect((await readdir(join(root, 'm1'))).sort()).toEqual(['encoder.onnx', 'manifest.json']);
  });

  it('lists models oldest first, equal times by id', async () => {
    for (const [id, time] of [
      ['b', '2025-03-01T00:00:00.000Z'],
      ['c', '2025-01-01T00:00:00.000Z'],
      ['a', '2025-03-01T00:00:00.000Z'],
    ] as const)
      await registry.publish(made(id, time), { encoder });

    expect((await registry.list()).map((manifest) => manifest.modelId)).toEqual(['c', 'a', 'b']);
  });

  it('never changes a model: a second publication of an id is refused and leaves the first', async () => {
    const first = await registry.publish(made('m1'), { encoder });

    await expect(registry.publish(made('m1'), { encoder: Buffer.from('other') })).rejects.toEqual(
      refusal('MODEL_EXISTS'),
    );
    expect(await registry.read('m1')).toEqual(first);
    expect(await readdir(root)).toEqual(['m1']);
  });

  it('lets exactly one of eight publications of the same id win, whole', async () => {
    const outcomes = await Promise.allSettled(
      Array.from({ length: 8 }, (_, i) => registry.publish(made('race'), { encoder: Buffer.from(`graph ${i}`) })),
    );

    const won = outcomes.filter((outcome) => outcome.status === 'fulfilled');
    const lost = outcomes.filter((outcome) => outcome.status === 'rejected');
    expect(won).toHaveLength(1);
    expect(lost.map((outcome) => (outcome.reason as AppError).code)).toEqual(Array(7).fill('MODEL_EXISTS'));
    expect(await registry.read('race')).toEqual(won[0]!.value);
    expect(await readdir(root)).toEqual(['race']);
  });

  it('publishes nothing where the claim was lost at the last moment', async () => {
    const lost = async () => {
      throw new AppError('CLAIM_LOST', { jobId: 'j' });
    };

    await expect(registry.publish(made('m1'), { encoder }, lost)).rejects.toEqual(refusal('CLAIM_LOST'));
    expect(await readdir(root)).toEqual([]);
  });

  it('says DISK_FULL where there is no room, and leaves nothing', async () => {
    const full = async () => {
      throw Object.assign(new Error('no space left on device'), { code: 'ENOSPC' });
    };

    await expect(registry.publish(made('m1'), { encoder }, full)).rejects.toEqual(refusal('DISK_FULL'));
    expect(await readdir(root)).toEqual([]);
  });

  it('passes over the draft of a process that was killed in the middle', async () => {
    await registry.publish(made('whole'), { encoder });
    const draft = join(root, `${DRAFT_PREFIX}half-0a1b2c`);
    await mkdir(draft);
    await writeFile(join(draft, 'encoder.onnx'), encoder);
    await writeFile(join(draft, 'manifest.json'), await readFile(registry.path('whole', 'manifest.json')));

    expect((await registry.list()).map((manifest) => manifest.modelId)).toEqual(['whole']);
    await expect(registry.read(`${DRAFT_PREFIX}half-0a1b2c`)).rejects.toEqual(refusal('MODEL_NOT_FOUND'));
    await registry.publish(made('half'), { encoder });
    expect(await registry.list()).toHaveLength(2);
  });

  it.each(['', '.', '..', '../m1', 'a/b', 'a\\b', '.hidden', 'end.', 'with space', 'nul\0', 'é', 'x'.repeat(129)])(
    'refuses %j as the id of a model',
    async (id) => {
      await expect(registry.publish(made(id), { encoder })).rejects.toEqual(refusal('SETTINGS_INVALID'));
      await expect(registry.read(id)).rejects.toEqual(refusal('MODEL_NOT_FOUND'));
      expect(() => registry.path(id, 'encoder.onnx')).toThrow(AppError);
      expect(await readdir(root)).toEqual([]);
    },
  );

  it('says MODEL_NOT_FOUND for an id that is not there, or is a plain file', async () => {
    await writeFile(join(root, 'README'), 'about models');

    await expect(registry.read('missing')).rejects.toEqual(refusal('MODEL_NOT_FOUND'));
    await expect(registry.read('README')).rejects.toEqual(refusal('MODEL_NOT_FOUND'));
    await expect(registry.publish(made('README'), { encoder })).rejects.toEqual(refusal('MODEL_EXISTS'));
    expect(await registry.list()).toEqual([]);
  });
});

describe('a damaged model', () => {
  const damages: readonly (readonly [string, () => Promise<void>])[] = [
    ['has no manifest', () => rm(registry.path('m1', 'manifest.json'))],
    ['has half a manifest', () => truncate(registry.path('m1', 'manifest.json'), 40)],
    ['has a manifest of another shape', () => writeFile(registry.path('m1', 'manifest.json'), '{"modelId":"m1"}')],
    ['has no encoder', () => rm(registry.path('m1', 'encoder.onnx'))],
    ['has an encoder cut short', () => truncate(registry.path('m1', 'encoder.onnx'), 3)],
    ['has lost its weights', () => rm(registry.path('m1', 'parameters.bin'))],
  ];

  it.each(damages)('is not listed and not read where it %s', async (_name, damage) => {
    await registry.publish(made('m1'), { encoder, parameters });
    await registry.publish(made('sound'), { encoder });

    await damage();

    expect((await registry.list()).map((manifest) => manifest.modelId)).toEqual(['sound']);
    await expect(registry.read('m1')).rejects.toEqual(refusal('MODEL_DAMAGED'));
  });

  it('is noticed by its hash where the size is right', async () => {
    await registry.publish(made('m1'), { encoder, parameters });
    const flipped = Buffer.from(encoder);
    flipped[3]! ^= 1;
    await writeFile(registry.path('m1', 'encoder.onnx'), flipped);

    await expect(registry.read('m1')).rejects.toEqual(refusal('MODEL_DAMAGED'));
  });

  it('is noticed where its folder was renamed', async () => {
    await registry.publish(made('m1'), { encoder });
    await mkdir(join(root, 'other'));
    for (const file of ['encoder.onnx', 'manifest.json'] as const)
      await writeFile(join(root, 'other', file), await readFile(registry.path('m1', file)));

    await expect(registry.read('other')).rejects.toThrow('that of model m1');
  });
});
