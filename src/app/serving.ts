import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { ApiDeps } from '../api/deps.js';
import { createMetrics, type Metrics } from '../api/metrics.js';
import { eventWeights } from '../config.js';
import { rowProducts } from '../evaluation/row-products.js';
import { crop, describe, thumbnail } from '../images/decode.js';
import { createFetchPicture } from '../images/fetch-picture.js';
import { createIntake, type Intake } from '../indexing/intake.js';
import type { OpenLiveIndexes } from '../indexing/live-indexes.js';
import { openLiveBehaviours } from '../recommend/behaviour/live-behaviour.js';
import { type ExperimentBook, openExperimentBook } from '../recommend/experiments/experiment-book.js';
import { type ExploreDefaults, openExploreDefaults } from '../recommend/explore-defaults.js';
import { createPlanner } from '../recommend/plan.js';
import type { Planner } from '../recommend/planner.js';
import { rememberBehaviour } from '../recommend/remember-behaviour.js';
import { openRuleBook, type RuleBook } from '../recommend/rule-book.js';
import type { KindWeights } from '../recommend/strategy.js';
import type { Environment } from './environment.js';
import { createMatchExplainer, explainedPicture, type MatchExplainer } from './explain-match.js';
import { openReleaseSwitch } from './index-line.js';
import { JOB_KINDS } from './job-handlers.js';
import { openLive } from './open-live.js';
import type { Stores } from './stores.js';

/** What answers requests in this process: the live indexes, the way in, and the planner. */
export interface Serving {
  readonly live: OpenLiveIndexes;
  readonly intake: Intake;
  readonly plan: Planner;
  readonly rules: RuleBook;
  readonly experiments: ExperimentBook;
  readonly exploreDefaults: ExploreDefaults;
  readonly explainer: MatchExplainer;
  close(): Promise<void>;
}

/** Opens the live indexes over stores that stay the caller's to close. Loading goes on behind; see `live.pending()`. */
export function openServing(environment: Environment, stores: Stores): Serving {
  const { catalogue, blobs, embedders, limits } = stores;
  // The setting has a weight for every kind: its schema knows no other, and fills up those that are left out.
  const weights = eventWeights(environment.config.KINDRED_EVENT_WEIGHTS) as KindWeights;
  const live = openLive(environment, stores);
  const learnt = openLiveBehaviours({
    folder: stores.behaviourFolder,
    log: environment.log,
    products: (a, b) => rowProducts(a, b, 1), // one thread, as the encoder beside it
  });
  const rules = openRuleBook({ catalogue, log: environment.log });
  const experiments = openExperimentBook({ catalogue, now: environment.now, log: environment.log });
  const exploreDefaults = openExploreDefaults({ catalogue, log: environment.log });
  const behaviour = rememberBehaviour({ events: catalogue.events, log: catalogue.log, tell: environment.log });
  const explainer = createMatchExplainer(stores.registry, limits);
  return {
    live,
    rules,
    experiments,
    exploreDefaults,
    explainer,
    intake: createIntake({
      catalogue,
      blobs,
      embedders,
      live,
      describePicture: (original) => describe(original, limits),
    }),
    plan: createPlanner({
      live: (collection) => live.get(collection),
      behaviour,
      weights,
      learnt: (index) => learnt.of(index),
      rules: (collection) => rules.of(collection),
      now: environment.now,
    }),
    async close() {
      behaviour.close();
      rules.close();
      experiments.close();
      exploreDefaults.close();
      await explainer.close();
      await live.close();
    },
  };
}

/** The built page, beside the program: `dist/web`, from source and from the build alike. */
function builtPage(): string | null {
  const found = ['../../dist/web', '../web'].map((path) => fileURLToPath(new URL(path, import.meta.url)));
  return found.find((folder) => existsSync(join(folder, 'index.html')) && existsSync(join(folder, 'assets'))) ?? null;
}

/** All that the HTTP layer is handed. `pageFolder` is for tests that build their own page. */
export function apiDeps(
  environment: Environment,
  stores: Stores,
  serving: Serving,
  options: { metrics?: Metrics; pageFolder?: string | null } = {},
): ApiDeps {
  const { config, now, log, version } = environment;
  const { catalogue, blobs, embedders, limits } = stores;
  return {
    catalogue,
    blobs,
    live: serving.live,
    embedders,
    intake: serving.intake,
    plan: serving.plan,
    rules: serving.rules,
    experiments: serving.experiments,
    exploreDefaults: serving.exploreDefaults,
    async activate(collection, releaseId) {
      const { release } = await openReleaseSwitch(stores).activate(releaseId);
      await (await serving.live.get(collection)).serving(releaseId);
      return release;
    },
    fetchPicture: createFetchPicture({
      allowPrivate: config.KINDRED_FETCH_PRIVATE,
      maxBytes: config.KINDRED_MAX_UPLOAD_BYTES,
    }),
    thumbnail: (original, size) => thumbnail(original, size, limits),
    crop: (original, region) => crop(original, region, limits),
    explainMatch: (asked) => serving.explainer.explain(asked),
    explainedPicture,
    now,
    log,
    metrics: options.metrics ?? createMetrics(),
    settings: config,
    jobKinds: JOB_KINDS,
    pageFolder: options.pageFolder === undefined ? builtPage() : options.pageFolder,
    version,
  };
}
