import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { openMapEncoder } from '../../src/app/map-encoder.js';
import { readoutOf } from '../../src/encoder/block.js';
import { exportEncoder } from '../../src/encoder/export-encoder.js';
import { readBackbone } from '../../src/encoder/imported/read-backbone.js';
import { buildNetwork } from '../../src/encoder/networks.js';
import { openOnnxEncoder } from '../../src/encoder/onnx-encoder.js';
import { writeParameters } from '../../src/encoder/parameters-file.js';
import { placeLength } from '../../src/encoder/similarity-shares.js';
import { residualFile } from '../encoder/imported/networks.js';
import { toyParts, toyWhitening } from '../encoder/toy-parts.js';

/** A folder with one model, exported as it was before maps were an output. */
async function withModel(
  parts: ReturnType<typeof toyParts>,
  parameters: Uint8Array,
  work: (registry: Parameters<typeof openMapEncoder>[0]) => Promise<void>,
): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'maps-'));
  const { dense: _dense, ...encoder } = parts.encoder;
  await writeFile(join(folder, 'encoder.onnx'), exportEncoder({ ...parts, encoder }));
  await writeFile(join(folder, 'parameters.bin'), parameters);
  await work({ read: async () => ({ preparation: { size: 9 } }), path: (_id, file) => join(folder, file) }).finally(
    () => rm(folder, { recursive: true }),
  );
}

const saved = ({ pixels, parameters, statistics }: ReturnType<typeof toyParts>) => ({
  architecture: 'residual',
  architectureOptions: { width: 0.25, pool: 2, readout: 2 },
  shape: [3, 9, 9],
  pixels: { mean: [...pixels.mean], deviation: [...pixels.deviation] },
  parameters,
  statistics,
});

it('a model that was exported without a map has the map of its parameters', async () => {
  const parts = toyParts(9);
  const parameters = writeParameters(saved(parts));
  const sample = Uint8Array.from({ length: 9 * 9 * 3 }, (_, i) => (i * 37) % 256);

  await withModel(parts, parameters, async (registry) => {
    const opened = await openMapEncoder(registry, 'old');
    const fresh = await openOnnxEncoder(exportEncoder(parts));

    expect(await opened.encodeMaps([sample])).toEqual(await fresh.encodeMaps!([sample]));
    expect(opened.preparation.size).toBe(9);
    await opened.close();
    await fresh.close();
  });
});

it('a model with fewer numbers than its averages is explained by its map too', async () => {
  const parts = toyParts(9);
  const { width } = readoutOf(parts.encoder);
  const short = { ...parts, whitening: toyWhitening(width, 6) };

  await withModel(short, writeParameters(saved(parts)), async (registry) => {
    const opened = await openMapEncoder(registry, 'short');

    expect([opened.geometry.dimension, placeLength(opened.geometry)]).toEqual([width, 6]);
    await opened.close();
  });
});

it('a model whose network ends in the scores of a backbone is refused with MODEL_WITHOUT_MAP', async () => {
  const { saved } = readBackbone(residualFile(), { size: 32 });
  const encoder = await buildNetwork('imported', saved.architectureOptions, saved.shape, saved);
  const parts = { ...toyParts(), encoder, parameters: saved.parameters, statistics: {}, sample: [32, 32, 3] };

  await withModel(parts, writeParameters(saved), async (registry) => {
    await expect(openMapEncoder(registry, 'scores')).rejects.toMatchObject({ code: 'MODEL_WITHOUT_MAP' });
  });
});
