import type { Register } from '../runs.js';

/** Every command by its name, in the order in which help lists them, loaded only when it is asked for. */
export const COMMANDS: Readonly<Record<string, () => Promise<Register>>> = {
  demo: async () => (await import('./demo.js')).demo,
  train: async () => (await import('./train.js')).train,
  serve: async () => (await import('./serve.js')).serve,
  search: async () => (await import('./search.js')).search,
  localise: async () => (await import('./localise.js')).localise,
  explain: async () => (await import('./explain.js')).explain,
  duplicates: async () => (await import('./duplicates.js')).duplicates,
  embed: async () => (await import('./embed.js')).embed,
  evaluate: async () => (await import('./evaluate.js')).evaluate,
  compare: async () => (await import('./compare.js')).compare,
  classify: async () => (await import('./classify.js')).classify,
  index: async () => (await import('./index-command.js')).indexCommand,
  items: async () => (await import('./items.js')).items,
  models: async () => (await import('./models.js')).models,
  retrain: async () => (await import('./retrain.js')).retrain,
  behaviour: async () => (await import('./behaviour.js')).behaviour,
  experiments: async () => (await import('./experiments.js')).experiments,
  estimate: async () => (await import('./estimate.js')).estimate,
  jobs: async () => (await import('./jobs.js')).jobs,
  snapshot: async () => (await import('./snapshot.js')).snapshot,
  tidy: async () => (await import('./tidy.js')).tidyCommand,
  keys: async () => (await import('./keys.js')).keys,
  doctor: async () => (await import('./doctor.js')).doctor,
  openapi: async () => (await import('./openapi.js')).openapi,
};
