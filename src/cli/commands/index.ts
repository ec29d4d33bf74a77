import type { Register } from '../runs.js';
import { behaviour } from './behaviour.js';
import { classify } from './classify.js';
import { compare } from './compare.js';
import { demo } from './demo.js';
import { doctor } from './doctor.js';
import { duplicates } from './duplicates.js';
import { embed } from './embed.js';
import { estimate } from './estimate.js';
import { evaluate } from './evaluate.js';
import { experiments } from './experiments.js';
import { explain } from './explain.js';
import { indexCommand } from './index-command.js';
import { items } from './items.js';
import { jobs } from './jobs.js';
import { keys } from './keys.js';
import { localise } from './localise.js';
import { models } from './models.js';
import { openapi } from './openapi.js';
import { retrain } from './retrain.js';
import { search } from './search.js';
import { serve } from './serve.js';
import { snapshot } from './snapshot.js';
import { tidyCommand } from './tidy.js';
import { train } from './train.js';

/** Every command, in the order in which help lists them. */
export const COMMANDS: readonly Register[] = [
  demo,
  train,
  serve,
  search,
  localise,
  explain,
  duplicates,
  embed,
  evaluate,
  compare,
  classify,
  indexCommand,
  items,
  models,
  retrain,
  behaviour,
  experiments,
  estimate,
  jobs,
  snapshot,
  tidyCommand,
  keys,
  doctor,
  openapi,
];
