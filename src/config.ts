import { z } from 'zod';
import { AppError } from './errors.js';

const flag = z.stringbool();
/** What an event of each kind says, where KINDRED_EVENT_WEIGHTS does not say otherwise. */
const EVENT_WEIGHTS = 'view=1,click=2,like=3,cart=4,purchase=5,dislike=-4,impression=0';
const MOST_WEIGHT = 1_000;

const pairs = (text: string): [kind: string, weight: string][] =>
  text.split(',').map((pair) => {
    const [kind = '', ...weight] = pair.split('=');
    return [kind.trim(), weight.join('=').trim()];
  });

function checkWeights(text: string, context: z.RefinementCtx): void {
  const kinds = pairs(EVENT_WEIGHTS).map(([kind]) => kind);
  const said = new Set<string>();
  for (const [kind, weight] of pairs(text)) {
    const refuse = (why: string) => context.addIssue({ code: 'custom', message: `"${kind}=${weight}": ${why}` });
    if (!kinds.includes(kind)) refuse(`the kinds are ${kinds.join(', ')}.`);
    else if (said.has(kind)) refuse('this kind comes twice.');
    else if (weight === '' || !(Math.abs(Number(weight)) <= MOST_WEIGHT))
      refuse(`a weight is a number from -${MOST_WEIGHT} to ${MOST_WEIGHT}.`);
    said.add(kind);
  }
}

/** The weight of each kind of event as KINDRED_EVENT_WEIGHTS says it; a kind that it leaves out keeps its default. */
export const eventWeights = (text: string): Record<string, number> =>
  Object.fromEntries([...pairs(EVENT_WEIGHTS), ...pairs(text)].map(([kind, weight]) => [kind, Number(weight)]));

const count = (low: number, high: number) => z.coerce.number().int().min(low).max(high);

/** Every setting: its name, type, default and sentence. `readConfig`, the help and the table in the docs read this. */
export const Config = z.object({
  KINDRED_DATA: z.string().min(1).default('./index-data').describe('Folder for all that the running system writes.'),
  KINDRED_MODELS: z.string().min(1).default('./models').describe('Folder of the model registry.'),
  DATABASE_URL: z
    .url({ protocol: /^postgres(ql)?$/ })
    .optional()
    .describe('A Postgres to hold the catalogue; SQLite under KINDRED_DATA where it is not set.'),
  KINDRED_HOST: z
    .string()
    .min(1)
    .default('127.0.0.1')
    .describe('Address the server listens on. Any other than loopback needs a key.'),
  KINDRED_PORT: count(0, 65535).default(8080).describe('Port the server listens on; 0 picks a free one.'),
  KINDRED_PROCESSES: count(1, 64).default(1).describe('Processes that serve the same index.'),
  KINDRED_ADMIN_KEY: z.string().min(16).optional().describe('The first key, with every scope; at least 16 characters.'),
  KINDRED_PUBLIC_READ: flag.default(false).describe('Leaves reads open where keys exist.'),
  KINDRED_TRUST_PROXY: z
    .string()
    .optional()
    .describe('Which proxies may say the client address: Express\'s "trust proxy" (a number of hops, or subnets).'),
  KINDRED_CORS_ORIGINS: z.string().default('').describe('Origins, separated by commas, whose pages may call the API.'),
  KINDRED_KEY_RATE: count(1, 1_000_000)
    .default(200)
    .describe('Requests a second for a key that has no rate of its own.'),
  KINDRED_ENGINE: z.enum(['onnx', 'tfjs-node', 'tfjs-cpu']).default('onnx').describe('Engine that trains.'),
  KINDRED_DEVICE: z
    .enum(['cpu', 'webgpu', 'cuda'])
    .default('cpu')
    .describe('What the onnx engine trains on. Graphics cards are untried: doctor says whether one is reached.'),
  KINDRED_LAYOUT: z
    .enum(['auto', 'plain'])
    .default('auto')
    .describe('How the onnx engine lays out maps in memory: auto takes the fastest that is right on this processor.'),
  KINDRED_THREADS: count(1, 256).optional().describe('Threads for training; as many as cores where it is not set.'),
  KINDRED_VIEW_THREADS: count(0, 64)
    .default(1)
    .describe('Threads that make views beside the training steps; 0 makes them between the steps.'),
  KINDRED_SAMPLES_MB: count(0, 1_000_000)
    .default(512)
    .describe(
      'Memory that training may use for prepared pictures, in MiB, all view threads together; more of them are read from disk as needed.',
    ),
  KINDRED_VECTOR_STORE: z.enum(['hnsw', 'exact']).default('hnsw').describe('What answers nearest-neighbour queries.'),
  KINDRED_MIN_RECALL: z.coerce
    .number()
    .min(0)
    .max(1)
    .default(0.95)
    .describe('recall@10 that an index must reach against exact search.'),
  KINDRED_MAX_UPLOAD_BYTES: count(1_000, 1_000_000_000)
    .default(20_000_000)
    .describe('Largest picture taken, in bytes.'),
  KINDRED_MAX_PIXELS: count(1_000, 1_000_000_000).default(50_000_000).describe('Largest picture decoded, in pixels.'),
  KINDRED_FETCH_PRIVATE: flag
    .default(false)
    .describe('Lets imageUrl reach private and loopback addresses. Only for tests and closed networks.'),
  KINDRED_RETRAIN_AFTER_PICTURES: count(0, 1_000_000_000)
    .default(0)
    .describe('New pictures that make a retraining due; 0 never.'),
  KINDRED_RETRAIN_EVERY_HOURS: z.coerce
    .number()
    .min(0)
    .default(0)
    .describe('Hours after which a retraining is due where anything is new; 0 never.'),
  KINDRED_RETRAIN_FROM: z
    .enum(['active', 'fresh'])
    .default('active')
    .describe('Where retraining starts: the active encoder, or nothing.'),
  KINDRED_RETRAIN_MINUTES: z.coerce
    .number()
    .positive()
    .default(10)
    .describe('Minutes of training a retraining may take.'),
  KINDRED_BEHAVIOUR_AFTER_EVENTS: count(0, 1_000_000_000)
    .default(0)
    .describe('New events, impressions apart, that make learning from behaviour again due; 0 never.'),
  KINDRED_BEHAVIOUR_EVERY_HOURS: z.coerce
    .number()
    .min(0)
    .default(0)
    .describe('Hours after which learning from behaviour again is due where any event is new; 0 never.'),
  KINDRED_KEEP_RELEASE_HOURS: z.coerce
    .number()
    .min(0)
    .default(168)
    .describe('Hours for which one may go back to a release; to the one before the active one, always.'),
  KINDRED_TIDY_EVERY_HOURS: z.coerce
    .number()
    .min(0)
    .default(24)
    .describe('Hours after which old indexes, unused pictures and the like are taken away again; 0 never.'),
  KINDRED_EVENT_WEIGHTS: z
    .string()
    .superRefine(checkWeights)
    .default(EVENT_WEIGHTS)
    .describe('How much an event of each kind says in recommendations; a kind that is left out keeps its default.'),
  KINDRED_EVENT_RETENTION_DAYS: z.coerce
    .number()
    .positive()
    .max(100_000)
    .optional()
    .describe('Days after which an event is taken away by the next tidying; events are kept where it is not set.'),
  KINDRED_LOG_LEVEL: z
    .enum(['debug', 'info', 'warn', 'error', 'silent'])
    .default('info')
    .describe('How much is logged.'),
});

export type Config = z.output<typeof Config>;
export type SettingName = keyof Config & string;

/** Parses the settings, all mistakes at once. An empty variable counts as not set. Throws SETTINGS_INVALID. */
export function readConfig(environment: Readonly<Record<string, string | undefined>>): Config {
  const given = Object.fromEntries(
    Object.keys(Config.shape)
      .filter((name) => environment[name] !== undefined && environment[name] !== '')
      .map((name) => [name, environment[name]]),
  );
  const parsed = Config.safeParse(given);
  if (!parsed.success) throw new AppError('SETTINGS_INVALID', { why: z.prettifyError(parsed.error) });
  return parsed.data;
}

/** One row a setting, for the help and the docs. */
export function settingsTable(): { name: string; default: string; says: string }[] {
  return Object.entries(Config.shape).map(([name, schema]) => {
    const parsed = schema.safeParse(undefined);
    const fallback = parsed.success ? parsed.data : undefined;
    return {
      name,
      default: fallback === undefined || fallback === '' ? 'not set' : String(fallback),
      says: schema.description ?? '',
    };
  });
}
