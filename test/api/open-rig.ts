import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Express } from 'express';
import sharp from 'sharp';
import { createApi } from '../../src/api/create-api.js';
import type { ApiDeps } from '../../src/api/deps.js';
import { createMetrics } from '../../src/api/metrics.js';
import { createMatchExplainer, explainedPicture } from '../../src/app/explain-match.js';
import { openBlobStore } from '../../src/catalogue/open-blob-store.js';
import { openCatalogue } from '../../src/catalogue/open-catalogue.js';
import { noLog } from '../../src/core/log.js';
import { unit } from '../../src/core/vectors.js';
import { exportEncoder } from '../../src/encoder/export-encoder.js';
import { AppError } from '../../src/errors.js';
import { crop, describe as describePicture, thumbnail } from '../../src/images/decode.js';
import { prepare } from '../../src/images/prepare.js';
import type { Embedder, Embedders } from '../../src/indexing/embedder.js';
import { createIntake } from '../../src/indexing/intake.js';
import { openLiveIndexes } from '../../src/indexing/live-indexes.js';
import { openExperimentBook } from '../../src/recommend/experiments/experiment-book.js';
import { openExploreDefaults } from '../../src/recommend/explore-defaults.js';
import { createPlanner } from '../../src/recommend/plan.js';
import { openRuleBook } from '../../src/recommend/rule-book.js';
import { toyParts } from '../encoder/toy-parts.js';
import { checkAnswer } from './check-answer.js';

/** The model of the rig: eight by eight pixels, seen as one unit vector of 192 numbers. */
export const MODEL = 'tiny-pixels';
const LIMITS = { maxPixels: 1_000_000, maxBytes: 300_000 };

const embedder: Embedder = {
  modelId: MODEL,
  dimension: 192,
  embed: (originals) =>
    Promise.all(
      originals.map(async (original) => {
        try {
          const pixels = await prepare(
            original,
            { size: 8, channels: 3, background: [255, 255, 255], fit: 'contain' },
            LIMITS,
          );
          return unit(Array.from(pixels, (byte) => byte - 127.5));
        } catch (cause) {
          if (cause instanceof AppError) return cause;
          throw cause;
        }
      }),
    ),
  close: async () => {},
};
const embedders: Embedders = {
  get: async (modelId) => {
    if (modelId !== MODEL) throw new AppError('MODEL_NOT_FOUND', { modelId });
    return embedder;
  },
  defaultModelId: async () => MODEL,
};

/** An untrained network with a map, exported when it is first asked for: what explains matches in the rig. */
function networkIn(folder: string): Parameters<typeof createMatchExplainer>[0] {
  return {
    async read(modelId) {
      if (modelId !== MODEL) throw new AppError('MODEL_NOT_FOUND', { modelId });
      writeFileSync(join(folder, 'encoder.onnx'), exportEncoder(toyParts(48)));
      return { preparation: { size: 48 } };
    },
    path: (_modelId, file) => join(folder, file),
  };
}

export interface Rig {
  readonly app: Express;
  readonly deps: ApiDeps;
  /** A clock that tests move by hand, in epoch milliseconds. */
  readonly clock: { now: number };
  /** The same world through an app with other settings or parts. */
  again(changes: Partial<Omit<ApiDeps, 'settings'>> & { settings?: Partial<ApiDeps['settings']> }): Express;
  close(): Promise<void>;
}

/** The API over a real SQLite catalogue, real live indexes, intake and planner; only the encoder is a small one. */
export async function openRig(): Promise<Rig> {
  const folder = mkdtempSync(join(tmpdir(), 'kindred-api-'));
  const clock = { now: 1_700_000_000_000 };
  const catalogue = await openCatalogue({ dataFolder: folder, now: () => clock.now, ids: randomUUID });
  const blobs = openBlobStore(join(folder, 'blobs'), () => clock.now);
  const live = openLiveIndexes({
    catalogue,
    embedders,
    indexesFolder: join(folder, 'indexes'),
    storeKind: 'exact',
    readBlob: (content) => blobs.get(content),
    log: noLog,
  });
  const rules = openRuleBook({ catalogue, log: noLog });
  const experiments = openExperimentBook({ catalogue, now: () => clock.now, log: noLog });
  const exploreDefaults = openExploreDefaults({ catalogue, log: noLog });
  const explainer = createMatchExplainer(networkIn(folder), LIMITS);
  const deps: ApiDeps = {
    catalogue,
    blobs,
    live,
    embedders,
    intake: createIntake({
      catalogue,
      blobs,
      embedders,
      live,
      describePicture: (original) => describePicture(original, LIMITS),
    }),
    plan: createPlanner({
      live: (collection) => live.get(collection),
      behaviour: catalogue.events,
      rules: rules.of,
      now: () => clock.now,
    }),
    rules,
    exploreDefaults,
    experiments,
    activate: async (_collection, releaseId) => {
      await catalogue.releases.activate(releaseId);
      const release = await catalogue.releases.get(releaseId);
      if (!release) throw new AppError('RELEASE_NOT_FOUND', { releaseId });
      return release;
    },
    fetchPicture: async (url) => {
      if (url.startsWith('https://pictures.example/')) return picture(url.length);
      throw new AppError('URL_REFUSED', { why: 'it is not in this test.' });
    },
    thumbnail: (original, size) => thumbnail(original, size, LIMITS),
    crop: (original, region) => crop(original, region, LIMITS),
    explainMatch: (asked) => explainer.explain(asked),
    explainedPicture,
    now: () => clock.now,
    log: noLog,
    metrics: createMetrics({ ofProcess: false }),
    settings: {
      KINDRED_ADMIN_KEY: undefined,
      KINDRED_PUBLIC_READ: false,
      KINDRED_TRUST_PROXY: undefined,
      KINDRED_CORS_ORIGINS: '',
      KINDRED_KEY_RATE: 1_000,
      KINDRED_MAX_UPLOAD_BYTES: 300_000,
    },
    jobKinds: ['reindex', 'train', 'retrain', 'forget', 'behaviour', 'estimate'],
    pageFolder: null,
    version: '0.0.0-test',
  };
  const again: Rig['again'] = ({ settings, ...changes }) =>
    createApi({ ...deps, ...changes, settings: { ...deps.settings, ...settings } }, { checkAnswer });
  return {
    app: again({}),
    deps,
    clock,
    again,
    async close() {
      rules.close();
      experiments.close();
      exploreDefaults.close();
      await explainer.close();
      await live.close();
      await catalogue.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** A PNG of one colour with a stripe: equal seeds give equal bytes, near seeds near colours. */
export function picture(seed: number): Promise<Buffer> {
  const hue = (seed * 7) % 256;
  const [width, height] = [24, 24];
  const bytes = Buffer.alloc(width * height * 3);
  for (let i = 0; i < width * height; i++) {
    const stripe = i % width < (seed % 12) + 4;
    bytes.set(stripe ? [hue, 255 - hue, (seed * 3) % 256] : [255, 255, 255], i * 3);
  }
  return sharp(bytes, { raw: { width, height, channels: 3 } })
    .png()
    .toBuffer();
}
