import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { BlobStore } from '../catalogue/blob-store.js';
import type { Catalogue } from '../catalogue/catalogue.js';
import { openBlobStore } from '../catalogue/open-blob-store.js';
import { openCatalogue } from '../catalogue/open-catalogue.js';
import { openOnnxEncoder } from '../encoder/onnx-encoder.js';
import type { PictureLimits } from '../images/decode.js';
import { Preparation } from '../images/preparation.js';
import { prepare } from '../images/prepare.js';
import type { Embedder } from '../indexing/embedder.js';
import { createEmbedders, type OpenEmbedders } from '../indexing/embedders.js';
import { createEncoderEmbedder } from '../indexing/encoder-embedder.js';
import { FileRegistry } from '../registry/file-registry.js';
import { LayeredRegistry } from '../registry/layered-registry.js';
import type { ModelRegistry } from '../registry/registry.js';
import type { Environment } from './environment.js';

/** Models that come with the package: called `kindred-…`, in `models/` beside `src/` or `dist/`. */
const SHIPPED = /^kindred-/;
const SHIPPED_FOLDER = fileURLToPath(new URL('../../models', import.meta.url));

/** What every command works on: the catalogue, the pictures, the models, and the encoders that are open. */
export interface Stores {
  readonly catalogue: Catalogue;
  readonly blobs: BlobStore;
  readonly registry: ModelRegistry;
  readonly embedders: OpenEmbedders;
  readonly indexesFolder: string;
  readonly behaviourFolder: string;
  readonly limits: PictureLimits;
  close(): Promise<void>;
}

/** Where things are under `KINDRED_DATA`. */
export const folders = (environment: Environment) => {
  const data = resolve(environment.config.KINDRED_DATA);
  return {
    data,
    blobs: join(data, 'blobs'),
    indexes: join(data, 'indexes'),
    behaviour: join(data, 'behaviour'),
    checkpoints: join(data, 'checkpoints'),
    samples: join(data, 'samples'),
    models: resolve(environment.config.KINDRED_MODELS),
  };
};

/** Bounds on one original, as the settings say. */
export const pictureLimits = ({ config }: Environment): PictureLimits => ({
  maxPixels: config.KINDRED_MAX_PIXELS,
  maxBytes: config.KINDRED_MAX_UPLOAD_BYTES,
});

export function openRegistry(environment: Environment): ModelRegistry {
  const own = new FileRegistry(folders(environment).models);
  return folders(environment).models === SHIPPED_FOLDER
    ? own
    : new LayeredRegistry([own, new FileRegistry(SHIPPED_FOLDER)]);
}

/** The newest encoder that ships with the project. */
export async function shippedModelId(registry: ModelRegistry): Promise<string | undefined> {
  return (await registry.list()).findLast((model) => SHIPPED.test(model.modelId))?.modelId;
}

/** What a new collection is embedded with: the shipped encoder; where there is none, the newest there is. */
export async function defaultModelId(registry: ModelRegistry): Promise<string | undefined> {
  return (await shippedModelId(registry)) ?? (await registry.list()).at(-1)?.modelId;
}

/** Opens one model for serving: hashes checked, its own preparation joined to its own encoder. */
async function openEmbedder(registry: ModelRegistry, modelId: string, limits: PictureLimits): Promise<Embedder> {
  const manifest = await registry.read(modelId);
  const preparation = Preparation.parse(manifest.preparation);
  const encoder = await openOnnxEncoder(registry.path(modelId, 'encoder.onnx'), { threads: 1 });
  return createEncoderEmbedder({
    modelId,
    encoder,
    prepare: (original) => prepare(original, preparation, limits),
  });
}

/** Opens what is on disk. Throws CATALOGUE_UNAVAILABLE, CATALOGUE_NEWER. */
export async function openStores(environment: Environment): Promise<Stores> {
  const { config, now, newId } = environment;
  const at = folders(environment);
  const limits = pictureLimits(environment);
  const catalogue = await openCatalogue({ dataFolder: at.data, databaseUrl: config.DATABASE_URL, now, ids: newId });
  const registry = openRegistry(environment);
  const embedders = createEmbedders({
    open: (modelId) => openEmbedder(registry, modelId, limits),
    defaultModelId: () => defaultModelId(registry),
  });
  return {
    catalogue,
    blobs: openBlobStore(at.blobs, now),
    registry,
    embedders,
    indexesFolder: at.indexes,
    behaviourFolder: at.behaviour,
    limits,
    async close() {
      await embedders.close();
      await catalogue.close();
    },
  };
}
