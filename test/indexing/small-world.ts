import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Catalogue } from '../../src/catalogue/catalogue.js';
import { openBlobStore } from '../../src/catalogue/open-blob-store.js';
import { openCatalogue } from '../../src/catalogue/open-catalogue.js';
import type { Log } from '../../src/core/log.js';
import { Random } from '../../src/core/random.js';
import { unit } from '../../src/core/vectors.js';
import type { Encoder } from '../../src/encoder/encoder.js';
import { AppError } from '../../src/errors.js';
import { createEmbedders } from '../../src/indexing/embedders.js';
import { createEncoderEmbedder } from '../../src/indexing/encoder-embedder.js';
import { type BuildIndexOptions, buildIndex, silentWork } from '../../src/indexing/index-builder.js';
import { createIntake } from '../../src/indexing/intake.js';
import { openLiveIndexes } from '../../src/indexing/live-indexes.js';
import { createReleaseSwitch } from '../../src/indexing/release-switch.js';

/** Sixteen bytes are a picture here; those that begin with 255 can't be read. */
export const PICTURE_BYTES = 16;

export function seededPicture(seed: number): Uint8Array {
  const random = new Random(seed);
  return Uint8Array.from({ length: PICTURE_BYTES }, () => random.int(250));
}
export const BROKEN = new Uint8Array(PICTURE_BYTES).fill(255);

/** A linear encoder with seeded weights: small, and as real as the port asks for. Counts what it is handed. */
export class LinearEncoder implements Encoder {
  readonly sample = { shape: [PICTURE_BYTES] };
  readonly batches: number[] = [];
  readonly dimension: number;
  readonly #weights: readonly Float64Array[];
  closed = false;

  constructor(seed: number, dimension = 8) {
    const random = new Random(seed);
    this.dimension = dimension;
    this.#weights = Array.from({ length: dimension }, () =>
      Float64Array.from({ length: PICTURE_BYTES }, () => random.normal()),
    );
  }

  async encode(samples: readonly Uint8Array[]) {
    this.batches.push(samples.length);
    await new Promise((resume) => setImmediate(resume));
    return samples.map((sample) =>
      unit(this.#weights.map((row) => row.reduce((sum, weight, i) => sum + weight * (sample[i]! - 125), 0))),
    );
  }

  async close(): Promise<void> {
    this.closed = true;
  }
}

async function readPicture(bytes: Uint8Array): Promise<Uint8Array> {
  if (bytes.length !== PICTURE_BYTES || bytes[0] === 255)
    throw new AppError('PICTURE_UNREADABLE', { why: 'it is broken on purpose.' });
  return bytes;
}

export interface Logged {
  readonly level: string;
  readonly fields: Record<string, unknown>;
}

/** A data folder that any number of catalogues may be opened on, as any number of processes would. */
export class SmallWorld {
  readonly folder: string;
  readonly logged: Logged[] = [];
  /** The encoders of both models, newest last: `encoded` pictures are counted through them. */
  readonly encoders = new Map<string, LinearEncoder>();
  readonly #closers: (() => Promise<void>)[] = [];
  #ids = 0;

  private constructor(folder: string) {
    this.folder = folder;
  }

  static async make(): Promise<SmallWorld> {
    return new SmallWorld(await mkdtemp(join(tmpdir(), 'kindred-indexing-')));
  }

  get indexesFolder(): string {
    return join(this.folder, 'indexes');
  }

  get blobs() {
    return openBlobStore(join(this.folder, 'blobs'), Date.now);
  }

  readBlob = (content: string) => this.blobs.get(content);

  log(): Log {
    const at = (level: string) => (fields: object) => void this.logged.push({ level, fields: { ...fields } });
    return { debug: at('debug'), info: at('info'), warn: at('warn'), error: at('error') };
  }

  encoded(modelId: string): number {
    return (this.encoders.get(modelId)?.batches ?? []).reduce((sum, count) => sum + count, 0);
  }

  async catalogue(): Promise<Catalogue> {
    const catalogue = await openCatalogue({
      dataFolder: this.folder,
      now: Date.now,
      ids: () => `id-${process.pid}-${++this.#ids}`,
    });
    this.#closers.push(() => catalogue.close());
    return catalogue;
  }

  embedders(models: readonly string[] = ['model-a', 'model-b']) {
    return createEmbedders({
      open: async (modelId) => {
        const at = models.indexOf(modelId);
        if (at < 0) throw new AppError('MODEL_NOT_FOUND', { modelId });
        const encoder = new LinearEncoder(at + 1);
        this.encoders.set(modelId, encoder);
        return createEncoderEmbedder({ modelId, encoder, prepare: readPicture });
      },
      defaultModelId: async () => models[0],
    });
  }

  /** What one serving process holds. */
  async process(models?: readonly string[], storeKind: 'hnsw' | 'exact' = 'hnsw') {
    const catalogue = await this.catalogue();
    const embedders = this.embedders(models);
    const { indexesFolder, readBlob } = this;
    const live = openLiveIndexes({ catalogue, indexesFolder, storeKind, log: this.log(), embedders, readBlob });
    this.#closers.push(() => live.close());
    const intake = createIntake({
      catalogue,
      blobs: this.blobs,
      embedders,
      live,
      describePicture: async (bytes) => {
        await readPicture(bytes);
        return { mime: 'image/png', width: 4, height: 4, sizeBytes: bytes.length };
      },
    });
    const switching = createReleaseSwitch({
      catalogue,
      embedders,
      indexesFolder,
      readBlob,
      verifyBehaviour: async () => {},
    });
    return { catalogue, embedders, live, intake, switching, close: () => live.close() };
  }

  async build(
    catalogue: Catalogue,
    options: Pick<BuildIndexOptions, 'collection' | 'modelId' | 'indexId'> & Partial<BuildIndexOptions>,
  ) {
    return buildIndex({
      catalogue,
      embedder:
        options.embedder !== undefined || options.modelId === 'none'
          ? null
          : await this.embedders().get(options.modelId),
      readBlob: this.readBlob,
      indexesFolder: this.indexesFolder,
      minRecall: 0.95,
      seed: 5,
      work: silentWork,
      now: () => 0,
      ...options,
    });
  }

  async end(): Promise<void> {
    for (const close of this.#closers.reverse()) await close();
    await rm(this.folder, { recursive: true, force: true });
  }
}

/** Waits until something holds; fails after five seconds. */
export async function eventually(holds: () => boolean | Promise<boolean>, withinMs = 5000): Promise<number> {
  const start = performance.now();
  while (!(await holds())) {
    if (performance.now() - start > withinMs) throw new Error(`Not within ${withinMs} ms.`);
    await new Promise((resume) => setTimeout(resume, 5));
  }
  return performance.now() - start;
}
