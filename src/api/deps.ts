import type { BlobStore } from '../catalogue/blob-store.js';
import type { Attributes, Catalogue, Release, WriteResult } from '../catalogue/catalogue.js';
import type { Config } from '../config.js';
import type { Log } from '../core/log.js';
import type { Region } from '../core/region.js';
import type { Vector } from '../core/vectors.js';
import type { Grid } from '../encoder/shared-places.js';
import type { AppError } from '../errors.js';
import type { Embedders } from '../indexing/embedder.js';
import type { LiveIndex, LiveIndexes } from '../indexing/live-index.js';
import type { ExperimentBook } from '../recommend/experiments/experiment-book.js';
import type { ExploreDefaults } from '../recommend/explore-defaults.js';
import type { Plan, PlanRequest } from '../recommend/planner.js';
import type { RuleBook } from '../recommend/rule-book.js';
import type { Metrics } from './metrics.js';

/** An item as a request brings it. Absent attributes or pictures leave what is there. */
export interface IncomingItem {
  readonly itemId: string;
  readonly attributes?: Attributes;
  /** The original bytes of a picture, within KINDRED_MAX_UPLOAD_BYTES. */
  readonly original?: Buffer;
  /** Only where the collection's encoder is `none`. */
  readonly vector?: Vector;
}

/** The way in for items: blob first, then embedding, then one transaction, then this process's own graph. */
export interface Intake {
  /**
   * One result an item, in order: what was written (on disk, and found by searches of this process), or why not. One
   * bad picture or vector fails its own item only. Throws COLLECTION_NOT_FOUND.
   */
  put(collection: string, items: readonly IncomingItem[]): Promise<readonly (WriteResult | AppError)[]>;
}

/** Two pictures, and what shows where they are alike. */
export interface MatchAsked {
  readonly modelId: string;
  /** The index whose similarities are explained: what it does to embeddings counts where it holds those of this model. */
  readonly index: Pick<LiveIndex, 'modelId' | 'whitening'>;
  /** What was searched by, and what was found. */
  readonly originals: readonly [query: Uint8Array, hit: Uint8Array];
  /** Sides of the PNGs in pixels. */
  readonly size: number;
  /** What is drawn: where one is found again in the other, or what each cell gives to the similarity. */
  readonly show: 'places' | 'shares';
  /** Whether the heat lies on the picture, or is all there is. */
  readonly blend: boolean;
}

/** One of two pictures: numbers for each cell of the square that the encoder sees, and one kind of them drawn. */
export interface ExplainedSide {
  /** How alike the best place of the other picture is, in [−1, 1]. */
  readonly places: Grid;
  /** What each cell gives to the similarity; they add up to it. */
  readonly shares: Grid;
  readonly png: Uint8Array;
}

export interface ExplainedMatch {
  /** Cosine, in [−1, 1]. */
  readonly similarity: number;
  readonly query: ExplainedSide;
  readonly hit: ExplainedSide;
}

export type ApiSettings = Pick<
  Config,
  | 'KINDRED_ADMIN_KEY'
  | 'KINDRED_PUBLIC_READ'
  | 'KINDRED_TRUST_PROXY'
  | 'KINDRED_CORS_ORIGINS'
  | 'KINDRED_KEY_RATE'
  | 'KINDRED_MAX_UPLOAD_BYTES'
>;

/** All that the HTTP layer needs from the rest of the system. `src/app.ts` joins them; tests hand over small ones. */
export interface ApiDeps {
  readonly catalogue: Pick<
    Catalogue,
    'collections' | 'items' | 'events' | 'jobs' | 'releases' | 'rules' | 'experiments' | 'keys' | 'installation'
  >;
  readonly blobs: Pick<BlobStore, 'get' | 'derived'>;
  readonly live: LiveIndexes;
  readonly embedders: Embedders;
  readonly intake: Intake;
  /** The recommendation planner (`recommend/plan.ts`) over the live index of a collection. */
  plan(collection: string, request: PlanRequest): Promise<Plan>;
  /** The rules of each collection as this process follows them. */
  readonly rules: Pick<RuleBook, 'of' | 'refresh'>;
  /** Who takes part in which experiment, as this process follows them. */
  readonly experiments: Pick<ExperimentBook, 'partOf' | 'refresh'>;
  /** How each collection explores by itself, as this process follows it. */
  readonly exploreDefaults: Pick<ExploreDefaults, 'of' | 'refresh'>;
  /** Promote and roll back: resolves once this process serves the release. Throws RELEASE_NOT_FOUND. */
  activate(collection: string, releaseId: string): Promise<Release>;
  /** Fetches a picture behind the guard. Throws URL_REFUSED, URL_FAILED or PICTURE_TOO_LARGE. */
  fetchPicture(url: string, signal: AbortSignal): Promise<Buffer>;
  /** A WebP that fits `size` × `size` pixels. Throws PICTURE_UNREADABLE. */
  thumbnail(original: Buffer, size: number): Promise<Uint8Array>;
  /** A part of a picture as a picture of its own. Throws PICTURE_UNREADABLE and PICTURE_TOO_LARGE. */
  crop(original: Buffer, region: Region): Promise<Uint8Array>;
  /** Throws MODEL_NOT_FOUND, MODEL_WITHOUT_MAP, PICTURE_UNREADABLE and PICTURE_TOO_LARGE. */
  explainMatch(asked: MatchAsked): Promise<ExplainedMatch>;
  /** Both pictures of that as one PNG. */
  explainedPicture(match: ExplainedMatch, size: number): Promise<Uint8Array>;
  /** Epoch milliseconds. */
  now(): number;
  readonly log: Log;
  /** `createMetrics()`; with several processes, one whose `text` gathers them all. */
  readonly metrics: Metrics;
  readonly settings: ApiSettings;
  /** The kinds of job that this build can run: `reindex`, `train`, `retrain`, `behaviour`. Others are refused as not built yet. */
  readonly jobKinds: readonly string[];
  /** The built page (a folder with index.html), null where it was not built. */
  readonly pageFolder: string | null;
  readonly version: string;
}
