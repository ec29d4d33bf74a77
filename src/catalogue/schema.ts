import type { Generated, Kysely } from 'kysely';

/** The tables as Kysely knows them. Times are epoch milliseconds, flags 0 or 1, JSON is text, vectors are bytes. */
export interface Schema {
  schema_version: { only_row: number; version: number };
  collections: {
    name: string;
    encoder: string | null;
    dimension: number | null;
    /** The newest revision given out. It outlives the collection: one made again under the same name goes on from it. */
    revision: number;
    compacted_through: number;
    item_count: number;
    created_at: number;
    deleted_at: number | null;
  };
  items: ItemRow;
  tombstones: { collection: string; item_id: string; revision: number };
  embeddings: EmbeddingRow;
  /** When somebody last built on a model's embeddings. */
  embedding_uses: { collection: string; model_id: string; used_at: number };
  events: {
    seq: Generated<number>;
    collection: string;
    user_id: string | null;
    session_id: string | null;
    item_id: string;
    kind: string;
    time: number;
    value: number | null;
    event_id: string | null;
    received_at: number;
    /** How an impression came about (`Shown`), as JSON; its experiment once more beside it, to be found by. */
    shown: string | null;
    experiment: string | null;
  };
  /** People whose events are being taken away: a row until none is left that arrived (by `seq`) up to `through`. */
  forgetting: { collection: string; user_id: string; through: number };
  event_counts: { collection: string; item_id: string; kind: string; count: number };
  jobs: JobRow;
  releases: ReleaseRow;
  release_log: { collection: string; revision: number; release_id: string };
  /** `body` is the rule as JSON: nothing is asked of the database but whose it is. */
  rules: { collection: string; rule_id: string; body: string; created_at: number; updated_at: number };
  /** `body` is the experiment as JSON, with who belongs to which variant. */
  experiments: { collection: string; name: string; body: string; created_at: number; updated_at: number };
  api_keys: {
    key_id: string;
    name: string;
    scopes: string;
    collections: string | null;
    rate_per_second: number | null;
    secret_hash: string;
    created_at: number;
    revoked_at: number | null;
  };
  installation: { name: string; value: string };
}

export interface ItemRow {
  collection: string;
  item_id: string;
  attributes: string;
  content: string | null;
  mime: string | null;
  width: number | null;
  height: number | null;
  size_bytes: number | null;
  revision: number;
  created_at: number;
  updated_at: number;
}

export interface EmbeddingRow {
  collection: string;
  model_id: string;
  item_id: string;
  content: string;
  vector: Uint8Array;
}

export interface JobRow {
  seq: Generated<number>;
  job_id: string;
  kind: string;
  collection: string;
  input: string;
  input_hash: string;
  state: string;
  attempt: number;
  worker: string | null;
  progress: string | null;
  result: string | null;
  error: string | null;
  cancel_requested: number;
  heartbeat_at: number | null;
  created_at: number;
  started_at: number | null;
  finished_at: number | null;
}

export interface ReleaseRow {
  release_id: string;
  collection: string;
  index_id: string;
  model_id: string;
  behaviour_id: string | null;
  origin: string;
  active: number;
  created_at: number;
  activated_at: number | null;
}

/** A connection or a transaction: what every query is written against. */
export type Database = Kysely<Schema>;
