import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { openFineMapEncoder, openMapEncoder } from '../../src/app/map-encoder.js';
import { Random } from '../../src/core/random.js';
import { ARCHITECTURES } from '../../src/encoder/architectures/index.js';
import { readoutOf } from '../../src/encoder/block.js';
import type { FeatureMap } from '../../src/encoder/encoder.js';
import { exportEncoder } from '../../src/encoder/export-encoder.js';
import { readBackbone } from '../../src/encoder/imported/read-backbone.js';
import { buildNetwork } from '../../src/encoder/networks.js';
import { openOnnxEncoder } from '../../src/encoder/onnx-encoder.js';
import { parameterLayout, startingParameters } from '../../src/encoder/parameter-layout.js';
import { namedParts, writeParameters } from '../../src/encoder/parameters-file.js';
import { placeLength } from '../../src/encoder/similarity-shares.js';
import { placedFile, residualFile } from '../encoder/imported/networks.js';
import { toyParts, toyWhitening } from '../encoder/toy-parts.js';

/** A folder with one model, exported as it was before maps were an output. */
async function withModel(
  parts: ReturnType<typeof toyParts>,
  parameters: Uint8Array,
  work: (registry: Parameters<typeof openMapEncoder>[0]) => Promise<void>,
  size = 9,
): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'maps-'));
  const { dense: _dense, ...encoder } = parts.encoder;
  await writeFile(join(folder, 'encoder.onnx'), exportEncoder({ ...parts, encoder }));
  await writeFile(join(folder, 'parameters.bin'), parameters);
  await work({ read: async () => ({ preparation: { size } }), path: (_id, file) => join(folder, file) }).finally(() =>
    rm(folder, { recursive: true }),
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

describe('finer maps', () => {
  const parts = toyParts(16);
  const parameters = writeParameters({ ...saved(parts), shape: [3, 16, 16] });
  const sidesOf = ({ width, height }: FeatureMap) => [height, width];

  it('are those of the same network, of pictures so many times as large', async () => {
    await withModel(
      parts,
      parameters,
      async (registry) => {
        const [own, fine] = [await openMapEncoder(registry, 'toy'), await openFineMapEncoder(registry, 'toy')];
        const grey = (side: number) => new Uint8Array(side * side * 3).fill(90);

        const [[small], [large]] = [await own.encodeMaps([grey(16)]), await fine.encodeMaps([grey(96)])];

        expect([own.preparation.size, fine.preparation.size]).toEqual([16, 96]);
        expect(sidesOf(large!)).toEqual(sidesOf(small!).map((side) => 6 * side));
        await Promise.all([own.close(), fine.close()]);
      },
      16,
    );
  });

  it('are of no larger pictures than samples may be', async () => {
    const large = toyParts(96);

    await withModel(
      large,
      writeParameters({ ...saved(large), shape: [3, 96, 96] }),
      async (registry) => {
        const opened = await openFineMapEncoder(registry, 'toy');

        expect(opened.preparation.size).toBe(480); // of 512
        await opened.close();
      },
      96,
    );
  });

  it('are those of training where a network from elsewhere takes no other size', async () => {
    const { saved: placed } = readBackbone(placedFile(), { size: 16 });
    const encoder = await buildNetwork('imported', placed.architectureOptions, placed.shape, placed);
    const foreign = { ...toyParts(16), encoder, pixels: placed.pixels, parameters: placed.parameters, statistics: {} };

    await withModel(
      foreign,
      writeParameters(placed),
      async (registry) => {
        const opened = await openFineMapEncoder(registry, 'placed');
        const [map] = await opened.encodeMaps([new Uint8Array(16 * 16 * 3).fill(90)]);

        expect([opened.preparation.size, ...sidesOf(map!)]).toEqual([16, 4, 4]);
        await opened.close();
      },
      16,
    );
  });

  it('are as fine as a network takes them: a transformer has a most of patches, and places that go along', async () => {
    const encoder = ARCHITECTURES.transformer.build({ dimension: 16, depth: 1, heads: 2 }, [3, 64, 64]);
    const layout = parameterLayout(encoder.parameters);
    const small = {
      ...toyParts(64),
      encoder,
      parameters: namedParts(startingParameters(layout, new Random(1)), layout),
      statistics: {},
    };
    const kept = {
      ...saved(small),
      architecture: 'transformer',
      architectureOptions: { dimension: 16, depth: 1, heads: 2 },
      shape: [3, 64, 64],
    };

    await withModel(
      small,
      writeParameters(kept),
      async (registry) => {
        const opened = await openFineMapEncoder(registry, 'tokens');

        expect(opened.preparation.size).toBe(128); // 32 x 32 patches of 4 pixels
        await opened.close();
      },
      64,
    );
  });
});
