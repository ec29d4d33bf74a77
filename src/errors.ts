/** One row of the catalogue of errors: the HTTP status, the sentence and the remedy live together. */
interface ErrorEntry<D> {
  readonly status: number;
  readonly says: (details: D) => string;
  readonly remedy: string;
}

const entry = <D = Record<never, never>>(row: ErrorEntry<D>): ErrorEntry<D> => row;

/** Every failure the system can name. A code is a promise: it is never renamed. Keep each block in alphabetical order. */
export const ERRORS = {
  // Requests
  BODY_TOO_LARGE: entry<{ limit: string }>({
    status: 413,
    says: (d) => `The body is larger than ${d.limit}.`,
    remedy: 'Send less at once, or a smaller picture.',
  }),
  COLLECTION_ENCODER_FIXED: entry<{ collection: string }>({
    status: 409,
    says: (d) => `Collection "${d.collection}" has items, so its encoder can't be changed this way.`,
    remedy: 'Train or re-index to change the model, or make a new collection.',
  }),
  COLLECTION_NOT_FOUND: entry<{ collection: string }>({
    status: 404,
    says: (d) => `There is no collection "${d.collection}".`,
    remedy: 'Create it with PUT /v1/collections/{collection}, or use "default".',
  }),
  CURSOR_GONE: entry({
    status: 409,
    says: () => 'This cursor belongs to an index that is no longer served.',
    remedy: 'Ask again without the cursor.',
  }),
  CURSOR_INVALID: entry({
    status: 400,
    says: () => 'This is not a cursor that this request gave out.',
    remedy: 'Hand back nextCursor as it was, with the same request.',
  }),
  EXPERIMENT_NOT_FOUND: entry<{ name: string }>({
    status: 404,
    says: (d) => `There is no experiment "${d.name}" in this collection.`,
    remedy: 'List them with GET /v1/collections/{collection}/experiments.',
  }),
  EXPERIMENT_OVERLAP: entry<{ name: string; other: string }>({
    status: 409,
    says: (d) => `"${d.name}" would be active while "${d.other}" is, and people can take part in one at a time.`,
    remedy:
      'End the other one first: PUT it with an `until`, or DELETE it. Or make it one experiment of more variants.',
  }),
  FORBIDDEN: entry<{ why: string }>({
    status: 403,
    says: (d) => d.why,
    remedy: 'Use a key with the scope and collection this needs, or the page of this server.',
  }),
  HEADERS_TOO_LARGE: entry({
    status: 431,
    says: () => 'The headers of this request are too large.',
    remedy: 'Send fewer or shorter headers.',
  }),
  ITEM_NOT_FOUND: entry<{ itemId: string }>({
    status: 404,
    says: (d) => `There is no item "${d.itemId}" in this collection.`,
    remedy: 'Check the id, or write the item first.',
  }),
  ITEM_NOT_EMBEDDED: entry<{ itemId: string }>({
    status: 409,
    says: (d) => `Item "${d.itemId}" has no picture or vector, so nothing is similar to it.`,
    remedy: 'Give the item a picture, or a vector where the collection takes vectors.',
  }),
  JOB_NOT_FOUND: entry<{ jobId: string }>({
    status: 404,
    says: (d) => `There is no job "${d.jobId}".`,
    remedy: 'List the jobs with GET /v1/admin/jobs.',
  }),
  KEY_NOT_FOUND: entry<{ keyId: string }>({
    status: 404,
    says: (d) => `There is no key "${d.keyId}".`,
    remedy: 'List the keys with `kindred keys list`.',
  }),
  METHOD_NOT_ALLOWED: entry<{ method: string; allowed: string }>({
    status: 405,
    says: (d) => `This address does not take ${d.method}.`,
    remedy: 'See /docs for what it takes.',
  }),
  MODEL_MISMATCH: entry<{ given: string; searched: string }>({
    status: 409,
    says: (d) => `The vector comes from model ${d.given}, but this collection is searched with ${d.searched}.`,
    remedy: 'Embed the example again with POST …/embed.',
  }),
  NOT_ACCEPTABLE_TYPE: entry<{ given: string; wanted: string }>({
    status: 415,
    says: (d) => `This address takes ${d.wanted}, not ${d.given}.`,
    remedy: 'Set Content-Type to a type that is listed.',
  }),
  NOT_CALIBRATED: entry<{ collection: string; why: string }>({
    status: 409,
    says: (d) => `What similarities mean in collection "${d.collection}" is not known: ${d.why}.`,
    remedy:
      'Re-index a collection whose pictures a model embeds, ask for a larger rate, or use minSimilarity. See docs/confidence.md.',
  }),
  RATE_LIMITED: entry<{ perSecond: number }>({
    status: 429,
    says: (d) => `More than ${d.perSecond} requests a second.`,
    remedy: 'Wait as long as Retry-After says, or use a key with a higher rate.',
  }),
  RELEASE_NOT_FOUND: entry<{ releaseId: string }>({
    status: 404,
    says: (d) => `There is no release "${d.releaseId}".`,
    remedy: 'List them with GET /v1/admin/collections/{collection}/releases.',
  }),
  REQUEST_INVALID: entry<{ why: string }>({
    status: 400,
    says: (d) => d.why,
    remedy: 'See "issues" for each field, and /docs for the shape.',
  }),
  REQUEST_TIMEOUT: entry({
    status: 408,
    says: () => 'The request took too long to arrive.',
    remedy: 'Send it again, without long pauses.',
  }),
  ROUTE_NOT_FOUND: entry<{ path: string }>({
    status: 404,
    says: (d) => `There is nothing at ${d.path}.`,
    remedy: 'See /docs for the addresses there are.',
  }),
  RULE_NOT_FOUND: entry<{ ruleId: string }>({
    status: 404,
    says: (d) => `There is no rule "${d.ruleId}" in this collection.`,
    remedy: 'List the rules with GET /v1/admin/collections/{collection}/rules.',
  }),
  UNAUTHENTICATED: entry({
    status: 401,
    says: () => 'A valid key is needed here.',
    remedy: 'Send Authorization: Bearer <key>. Make keys with `kindred keys create`.',
  }),
  VECTOR_INVALID: entry<{ why: string }>({
    status: 400,
    says: (d) => d.why,
    remedy: 'Send finite numbers, as many as the collection has dimensions.',
  }),
  VECTORS_NOT_TAKEN: entry<{ collection: string }>({
    status: 409,
    says: (d) => `Collection "${d.collection}" embeds pictures itself and takes no vectors with items.`,
    remedy: 'Use a collection made with {"encoder": "none"}.',
  }),

  // Pictures
  PICTURE_MISSING: entry({
    status: 409,
    says: () => 'This item has no picture.',
    remedy: 'Write one with PUT …/items/{itemId}.',
  }),
  PICTURE_TOO_LARGE: entry<{ limit: string }>({
    status: 413,
    says: (d) => `The picture is larger than ${d.limit}.`,
    remedy: 'Scale it down first, or raise KINDRED_MAX_PIXELS or KINDRED_MAX_UPLOAD_BYTES.',
  }),
  PICTURE_UNREADABLE: entry<{ why: string }>({
    status: 400,
    says: (d) => `This is not a picture that can be read: ${d.why}`,
    remedy: 'Send JPEG, PNG, WebP, GIF, AVIF, TIFF or SVG.',
  }),
  URL_REFUSED: entry<{ why: string }>({
    status: 400,
    says: (d) => `The address can't be fetched: ${d.why}`,
    remedy: 'Give a public http(s) address of a picture, or upload the picture itself.',
  }),
  URL_FAILED: entry<{ why: string }>({
    status: 400,
    says: (d) => `Fetching the picture failed: ${d.why}`,
    remedy: 'Check that the address answers with a picture, or upload the picture itself.',
  }),

  // The server and its state
  BLOB_DAMAGED: entry<{ content: string }>({
    status: 500,
    says: (d) => `The stored picture ${d.content} no longer matches its checksum.`,
    remedy: 'Restore it from a backup, or write the item again.',
  }),
  CATALOGUE_NEWER: entry<{ found: string; known: string }>({
    status: 500,
    says: (d) => `The catalogue was written by a newer Kindred (schema ${d.found}; this one knows ${d.known}).`,
    remedy: 'Run the newer version, or restore a snapshot made by this one.',
  }),
  CATALOGUE_UNAVAILABLE: entry<{ why: string }>({
    status: 503,
    says: (d) => `The catalogue can't be reached: ${d.why}`,
    remedy: 'Check KINDRED_DATA or DATABASE_URL, and that the disk or the server is there.',
  }),
  DISK_FULL: entry<{ what: string }>({
    status: 503,
    says: (d) => `There is no room on the disk for ${d.what}. Nothing was changed.`,
    remedy: 'Free some space and try again.',
  }),
  INTERNAL: entry({
    status: 500,
    says: () => 'Something went wrong here.',
    remedy: 'Look for the request id in the log of the server.',
  }),
  NOT_READY: entry<{ why: string }>({
    status: 503,
    says: (d) => d.why,
    remedy: 'Wait as long as Retry-After says.',
  }),
  OVERLOADED: entry({
    status: 503,
    says: () => 'Too much is asked at once; this request was not begun.',
    remedy: 'Wait as long as Retry-After says.',
  }),

  PORT_TAKEN: entry<{ port: number }>({
    status: 500,
    says: (d) => `Port ${d.port} is already in use.`,
    remedy: 'Choose another with --port or KINDRED_PORT, or 0 for a free one.',
  }),

  // Models, indexes, jobs
  BACKBONE_INVALID: entry<{ why: string }>({
    status: 400,
    says: (d) => `The backbone can't be used: ${d.why}.`,
    remedy: 'Give an ONNX file of one network from pictures to features, and see docs/training.md for its flags.',
  }),
  BACKBONE_OPERATOR_UNKNOWN: entry<{ operator: string; node: string; before: string }>({
    status: 400,
    says: (d) =>
      `The backbone has an operator that is not known here: ${d.operator}, at "${d.node}", after "${d.before}".`,
    remedy: 'Take the value before it: --backbone-output NAME.',
  }),
  BEHAVIOUR_DAMAGED: entry<{ behaviourId: string; why: string }>({
    status: 503,
    says: (d) => `The behaviour model ${d.behaviourId} can't be used: ${d.why}`,
    remedy: 'Train it again with POST …/behaviour/train; until then, tastes are told from pictures.',
  }),
  BEHAVIOUR_NOT_FOUND: entry<{ behaviourId: string }>({
    status: 404,
    says: (d) => `There is no behaviour model ${d.behaviourId}.`,
    remedy: 'Train one with POST …/behaviour/train.',
  }),
  CANCELLED: entry<{ what: string }>({
    status: 409,
    says: (d) => `${d.what} was cancelled.`,
    remedy: 'Start it again when you want it.',
  }),
  CHECKPOINT_INVALID: entry<{ why: string }>({
    status: 409,
    says: (d) => `The checkpoint can't be used: ${d.why}`,
    remedy: 'Start afresh without --resume.',
  }),
  CLAIM_LOST: entry<{ jobId: string }>({
    status: 409,
    says: (d) => `Job ${d.jobId} is in other hands by now; nothing was published.`,
    remedy: 'Nothing to do: its successor goes on.',
  }),
  CLASSIFIER_INVALID: entry<{ why: string }>({
    status: 400,
    says: (d) => `The classifier can't be used: ${d.why}.`,
    remedy: 'Make one with `kindred classify fit SOURCE --out FILE.onnx`.',
  }),
  COMPARISON_IMPOSSIBLE: entry<{ why: string }>({
    status: 400,
    says: (d) => `There is nothing to compare: ${d.why}.`,
    remedy: 'Name two models or more, each once: --model ONE --model OTHER. `kindred models` lists them.',
  }),
  ENGINE_UNAVAILABLE: entry<{ engine: string; why: string }>({
    status: 500,
    says: (d) => `The engine "${d.engine}" can't run here: ${d.why}`,
    remedy: 'See `kindred doctor` for the engines that work here, and set KINDRED_ENGINE.',
  }),
  EVALUATION_IMPOSSIBLE: entry<{ why: string }>({
    status: 400,
    says: (d) => `There is nothing to judge by: ${d.why}.`,
    remedy: 'Put pictures into a folder for each label, or name the column of the manifest with --label.',
  }),
  EVENTS_MISSING: entry<{ collection: string }>({
    status: 409,
    says: (d) => `Collection "${d.collection}" has no events of people on its items to learn from.`,
    remedy: 'Send what people do with POST …/events, each with a userId or a sessionId, and train again.',
  }),
  EVENTS_TOO_FEW: entry<{ why: string }>({
    status: 400,
    says: (d) => `There is nothing to judge recommendations by: ${d.why}.`,
    remedy: 'Give events of people (userId or sessionId) who touched two items or more.',
  }),
  EVENTS_UNREADABLE: entry<{ why: string }>({
    status: 400,
    says: (d) => `The events can't be read: ${d.why}.`,
    remedy:
      'Give JSON Lines or a CSV file with userId or sessionId, itemId, kind and time, as POST …/events takes them.',
  }),
  FUNCTION_NOT_TRACEABLE: entry<{ why: string }>({
    status: 500,
    says: (d) => `The tensor function can't be compiled: ${d.why}.`,
    remedy: 'Write it with the operations of src/tensor, or add a rule to src/tensor/kernels.',
  }),
  IMPRESSIONS_MISSING: entry<{ collection: string }>({
    status: 409,
    says: (d) =>
      `Collection "${d.collection}" has no impressions of people with a propensity and a position to judge by.`,
    remedy: 'Ask for recommendations with {"log": true}, or send impressions with both. See docs/experiments.md.',
  }),
  INDEX_DAMAGED: entry<{ indexId: string; why: string }>({
    status: 503,
    says: (d) => `Index ${d.indexId} can't be used: ${d.why}`,
    remedy: 'Nothing to do: it is rebuilt from the catalogue.',
  }),
  INDEX_NOT_FOUND: entry<{ indexId: string }>({
    status: 404,
    says: (d) => `There is no index ${d.indexId}.`,
    remedy: 'Re-index the collection.',
  }),
  LABELS_UNUSABLE: entry<{ why: string }>({
    status: 400,
    says: (d) => `No classifier can be learnt from these labels: ${d.why}.`,
    remedy: 'Put two pictures or more into a folder for each label, or name the column of the manifest with --label.',
  }),
  LEARNING_STOPPED: entry<{ why: string }>({
    status: 500,
    says: (d) => `A process that learns from behaviour has stopped: it ${d.why}.`,
    remedy: 'Train again with more memory free; with KINDRED_THREADS=1 no further process is needed.',
  }),
  MODEL_DAMAGED: entry<{ modelId: string; why: string }>({
    status: 500,
    says: (d) => `Model ${d.modelId} can't be used: ${d.why}`,
    remedy: 'Restore its folder, or train again.',
  }),
  MODEL_EXISTS: entry<{ modelId: string }>({
    status: 409,
    says: (d) => `There is a model "${d.modelId}" already, and a model is never changed.`,
    remedy: 'Publish under another id.',
  }),
  MODEL_NOT_FOUND: entry<{ modelId: string }>({
    status: 404,
    says: (d) => `There is no model "${d.modelId}".`,
    remedy: 'See `kindred models` for those there are, or train one.',
  }),
  MODEL_WITHOUT_MAP: entry<{ modelId: string }>({
    status: 409,
    says: (d) => `The network of model ${d.modelId} keeps no feature map, so it can't say where things are.`,
    remedy: 'Use a model of another architecture, or of a backbone whose output is a map.',
  }),
  OUTPUT_UNWRITABLE: entry<{ path: string; why: string }>({
    status: 500,
    says: (d) => `${d.path} can't be written (${d.why}).`,
    remedy: 'Name another file with --out.',
  }),
  PARAMETERS_INVALID: entry<{ why: string }>({
    status: 409,
    says: (d) => `The model to go on from can't be used: ${d.why}.`,
    remedy: 'Start fresh, or go on from a model with the same architecture and sample size.',
  }),
  SAMPLE_INVALID: entry<{ expected: number; received: number }>({
    status: 500,
    says: (d) => `A prepared sample has ${d.received} bytes, expected ${d.expected}.`,
    remedy: 'Prepare samples for the model that encodes them.',
  }),
  SETTINGS_INVALID: entry<{ why: string }>({
    status: 400,
    says: (d) => `Bad settings.\n${d.why}`,
    remedy: 'See `kindred --help settings`.',
  }),
  SOURCE_UNUSABLE: entry<{ why: string }>({
    status: 400,
    says: (d) => `The source of pictures can't be used: ${d.why}`,
    remedy: 'Name a folder of pictures, or a manifest (.csv or .jsonl) with a "path" or "url" a line.',
  }),
  TENSOR_MISMATCH: entry<{ name: string; why: string }>({
    status: 500,
    says: (d) => `Tensor "${d.name}": ${d.why}`,
    remedy: 'Hand over what the function was compiled for.',
  }),
  TOO_FEW_SAMPLES: entry<{ found: number; needed: number; leftOut?: string | undefined }>({
    status: 400,
    says: (d) =>
      `At least ${d.needed} different pictures are needed; found: ${d.found}.${d.leftOut ? ` ${d.leftOut}` : ''}`,
    remedy: 'Add pictures that can be read and differ from each other.',
  }),
  TRAINING_COLLAPSED: entry<{ saw: string }>({
    status: 409,
    says: (d) => `Training has collapsed: ${d.saw}`,
    remedy: 'Lower the learning rate, raise the batch size, or use bolder views; see docs/training.md.',
  }),
  TRAINING_DIVERGED: entry<{ saw: string }>({
    status: 409,
    says: (d) => `Training has diverged: ${d.saw}`,
    remedy: 'Lower the learning rate.',
  }),
  VIEWS_FAILED: entry<{ why: string }>({
    status: 500,
    says: (d) => `A thread that makes views has stopped: ${d.why}`,
    remedy: 'Run the same command with --resume; with KINDRED_VIEW_THREADS=0 no thread is needed.',
  }),
} as const;

export type ErrorCode = keyof typeof ERRORS;
export type ErrorDetails<C extends ErrorCode> = Parameters<(typeof ERRORS)[C]['says']>[0];

/** A field that was wrong, and how. */
export interface Issue {
  readonly path: string;
  readonly message: string;
}

/** The one class of expected failure. A wrong detail or an unknown code does not compile. */
export class AppError<C extends ErrorCode = ErrorCode> extends Error {
  readonly code: C;
  readonly status: number;
  readonly remedy: string;
  /** What the sentence was made of, so that an error can be told again on the other side of a thread. */
  readonly details: ErrorDetails<C>;
  readonly issues: readonly Issue[] | undefined;

  constructor(code: C, details: ErrorDetails<C>, options: { cause?: unknown; issues?: readonly Issue[] } = {}) {
    const row = ERRORS[code] as ErrorEntry<ErrorDetails<C>>;
    super(row.says(details), options.cause === undefined ? undefined : { cause: options.cause });
    this.name = 'AppError';
    this.code = code;
    this.status = row.status;
    this.remedy = row.remedy;
    this.details = details;
    this.issues = options.issues;
  }
}

/** Whether a failure means that the disk is full (or a quota is), whoever reports it. */
export function isDiskFull(cause: unknown): boolean {
  const code = (cause as { code?: unknown } | null)?.code;
  return code === 'ENOSPC' || code === 'EDQUOT' || code === 'SQLITE_FULL' || code === '53100';
}
