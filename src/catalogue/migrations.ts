import type { Dialect } from './dialect.js';

/** One step of the schema: statements that run in order, in one transaction. A released step never changes. */
export interface Migration {
  readonly version: number;
  readonly statements: (types: Dialect['types'], engine: Dialect['engine']) => readonly string[];
}

/** Every step, oldest first. Adding one: a row at the end, with the next version. */
export const MIGRATIONS: readonly Migration[] = [
  {
    version: 1,
    statements: ({ id, ms, real, bytes, serial }) => [
      `create table collections (
        name ${id} primary key, encoder ${id}, dimension integer,
        revision ${ms} not null, compacted_through ${ms} not null, item_count ${ms} not null,
        created_at ${ms} not null, deleted_at ${ms})`,
      `create table items (
        collection ${id} not null, item_id ${id} not null, attributes text not null,
        content ${id}, mime text, width integer, height integer, size_bytes ${ms},
        revision ${ms} not null, created_at ${ms} not null, updated_at ${ms} not null,
        primary key (collection, item_id))`,
      'create index items_by_revision on items (collection, revision)',
      `create table tombstones (
        collection ${id} not null, item_id ${id} not null, revision ${ms} not null,
        primary key (collection, item_id))`,
      'create index tombstones_by_revision on tombstones (collection, revision)',
      `create table embeddings (
        collection ${id} not null, model_id ${id} not null, item_id ${id} not null,
        content ${id} not null, vector ${bytes} not null,
        primary key (collection, model_id, item_id))`,
      'create index embeddings_by_item on embeddings (collection, item_id)',
      `create table events (
        seq ${serial}, collection ${id} not null, user_id ${id}, session_id ${id}, item_id ${id} not null,
        kind text not null, time ${ms} not null, value ${real}, event_id ${id}, received_at ${ms} not null)`,
      'create unique index events_once on events (collection, event_id) where event_id is not null',
      'create index events_by_user on events (collection, user_id, time) where user_id is not null',
      'create index events_by_session on events (collection, session_id, time) where session_id is not null',
      `create table event_counts (
        collection ${id} not null, item_id ${id} not null, kind ${id} not null, count ${ms} not null,
        primary key (collection, item_id, kind))`,
      `create table jobs (
        seq ${serial}, job_id ${id} not null unique, kind ${id} not null, collection ${id} not null,
        input text not null, input_hash ${id} not null, state ${id} not null, attempt integer not null,
        worker text, progress text, result text, error text, cancel_requested integer not null,
        heartbeat_at ${ms}, created_at ${ms} not null, started_at ${ms}, finished_at ${ms})`,
      "create unique index jobs_queued_once on jobs (kind, collection, input_hash) where state = 'queued'",
      'create index jobs_by_state on jobs (state, seq)',
      `create table releases (
        release_id ${id} primary key, collection ${id} not null, index_id ${id} not null, model_id ${id} not null,
        origin text not null, active integer not null, created_at ${ms} not null, activated_at ${ms})`,
      'create index releases_by_collection on releases (collection, created_at)',
      'create unique index releases_one_active on releases (collection) where active = 1',
      `create table release_log (
        collection ${id} not null, revision ${ms} not null, release_id ${id} not null,
        primary key (collection, revision))`,
      `create table api_keys (
        key_id ${id} primary key, name text not null, scopes text not null, collections text,
        rate_per_second ${real}, secret_hash ${id} not null unique, created_at ${ms} not null, revoked_at ${ms})`,
      `create table installation (name ${id} primary key, value text not null)`,
      "insert into collections values ('default', null, null, 0, 0, 0, 0, null)",
    ],
  },
  {
    version: 2,
    statements: ({ id, ms }) => [
      `create table embedding_uses (
        collection ${id} not null, model_id ${id} not null, used_at ${ms} not null,
        primary key (collection, model_id))`,
    ],
  },
  {
    version: 3,
    statements: ({ id, ms }) => [
      `create table rules (
        collection ${id} not null, rule_id ${id} not null, body text not null,
        created_at ${ms} not null, updated_at ${ms} not null,
        primary key (collection, rule_id))`,
    ],
  },
  {
    // What somebody has seen is read off the index alone, and their history in its order, without a look at the table.
    version: 4,
    statements: ({ id, ms }) => [
      'drop index events_by_user',
      'drop index events_by_session',
      `create index events_of_user on events (collection, user_id, time, seq, item_id, kind)
        where user_id is not null`,
      `create index events_of_session on events (collection, session_id, time, seq, item_id, kind)
        where session_id is not null`,
      `create table forgetting (
        collection ${id} not null, user_id ${id} not null, through ${ms} not null,
        primary key (collection, user_id))`,
    ],
  },
  {
    version: 5,
    statements: ({ id }) => [`alter table releases add column behaviour_id ${id}`],
  },
  {
    version: 6,
    statements: ({ id, ms }) => [
      'alter table events add column shown text',
      `alter table events add column experiment ${id}`,
      'create index events_of_experiment on events (collection, experiment, seq) where experiment is not null',
      `create table experiments (
        collection ${id} not null, name ${id} not null, body text not null,
        created_at ${ms} not null, updated_at ${ms} not null,
        primary key (collection, name))`,
    ],
  },
  {
    // SQLite finds events by who did them in sorted runs (people-runs.ts). What there is by now becomes one, as large as
    // they get. Counts are one tree instead of a table and its index.
    version: 7,
    statements: (_, engine) =>
      engine === 'postgres'
        ? []
        : [
            `create table event_runs (
              run integer primary key autoincrement, level integer not null, events integer not null, into_run integer)`,
            `create table events_of_people (
              run integer not null, collection text not null, who text not null, time integer not null,
              seq integer not null, item_id text not null, kind text not null,
              primary key (run, collection, who, time, seq)) without rowid`,
            'insert into event_runs (level, events) select 4, count(*) from events having count(*) > 0',
            `insert into events_of_people (run, collection, who, time, seq, item_id, kind)
              select (select run from event_runs), * from (
                select collection, 'u' || user_id as who, time, seq, item_id, kind from events where user_id is not null
                union all
                select collection, 's' || session_id, time, seq, item_id, kind from events where session_id is not null)
              order by collection, who, time, seq`,
            'drop index events_of_user',
            'drop index events_of_session',
            `create table event_counts_7 (
              collection text not null, item_id text not null, kind text not null, count integer not null,
              primary key (collection, item_id, kind)) without rowid`,
            `insert into event_counts_7 select collection, item_id, kind, count from event_counts
              order by collection, item_id, kind`,
            'drop table event_counts',
            'alter table event_counts_7 rename to event_counts',
          ],
  },
];
