import type { Vector } from '../core/vectors.js';

/** Anything JSON can say. Attributes are one JSON object an item. */
export type Json = null | boolean | number | string | readonly Json[] | { readonly [field: string]: Json };
export type Attributes = { readonly [field: string]: Json };

/** A named world of its own: items, one encoder, one log of changes, its releases. `default` exists from the start. */
export interface Collection {
  readonly name: string;
  /** A model id; `none` where items bring vectors or only attributes; null: the shipped or active encoder. */
  readonly encoder: string | null;
  /** Length of vectors brought from outside; only where the encoder is `none`, null until the first one says it. */
  readonly dimension: number | null;
  /** How recommendations explore where a request does not say, as requests write it; null: not at all. */
  readonly explore: Attributes | null;
  /** The newest revision given out in this collection. */
  readonly revision: number;
  readonly createdAt: number;
}

/** The original picture of an item: a content-addressed file (`BlobStore`) and what was measured when it came in. */
export interface Picture {
  /** SHA-256 of the bytes, 64 hex digits. */
  readonly content: string;
  readonly mime: string;
  readonly width: number;
  readonly height: number;
  readonly sizeBytes: number;
}

export interface Item {
  readonly itemId: string;
  readonly attributes: Attributes;
  readonly picture: Picture | null;
  readonly revision: number;
  /** Epoch milliseconds. */
  readonly createdAt: number;
  readonly updatedAt: number;
}

/** One embedding to store. It belongs to an item's content as one model sees it. */
export interface NewEmbedding {
  readonly itemId: string;
  /** `Picture.content`, or `vector` for vectors brought from outside. */
  readonly content: string;
  /** The model that made it, or `none` for vectors brought from outside. */
  readonly modelId: string;
  readonly vector: Vector;
}

export interface ItemWrite {
  readonly itemId: string;
  /** Replaces all attributes; absent leaves those there are (a new item has none). */
  readonly attributes?: Attributes;
  /** A new picture; absent leaves the one there is. Its blob must be on disk already. */
  readonly picture?: Picture;
  /** What models saw in `picture`, or the vector brought from outside. Written in the same transaction. */
  readonly embeddings?: readonly NewEmbedding[];
}

export interface WriteResult {
  readonly item: Item;
  readonly created: boolean;
  /** False where the item was already so: no revision was spent. */
  readonly changed: boolean;
}

export interface Page<T> {
  readonly rows: readonly T[];
  /** Hand it back as `after` for the next page; absent at the end. */
  readonly next?: string;
}

export interface Items {
  /** All of them in one transaction, each with a revision of its own, in order. */
  put(collection: string, writes: readonly ItemWrite[]): Promise<readonly WriteResult[]>;
  /** JSON Merge Patch (RFC 7396) on the attributes. Undefined where there is no such item. */
  patch(collection: string, itemId: string, patch: Attributes): Promise<WriteResult | undefined>;
  /** Leaves a tombstone. The revision of the deletion, or undefined where there is no such item. */
  delete(collection: string, itemId: string): Promise<number | undefined>;
  get(collection: string, itemId: string): Promise<Item | undefined>;
  getMany(collection: string, itemIds: readonly string[]): Promise<readonly Item[]>;
  /** In byte order of ids, from just behind `after`. */
  list(collection: string, page: { after?: string; limit: number }): Promise<Page<Item>>;
  count(collection: string): Promise<number>;
  /** Items that have a picture. Reads them all: for what is asked now and then. */
  countPictures(collection: string): Promise<number>;
  /** Contents of the pictures of items, in byte order of ids. A page looks at no more than `limit` items. */
  contents(collection: string, page: { after?: string; limit: number }): Promise<Page<string>>;
}

export interface EmbeddedItem {
  readonly itemId: string;
  readonly revision: number;
  readonly vector: Vector;
}

export interface UnembeddedItem {
  readonly itemId: string;
  readonly content: string;
}

export interface Embeddings {
  /** Adds what is missing; rows whose item has gone or has other content by now are left out silently. No revision. */
  put(collection: string, rows: readonly NewEmbedding[]): Promise<void>;
  /** Items' embeddings of their present content by one model, in byte order of ids. */
  list(collection: string, modelId: string, page: { after?: string; limit: number }): Promise<Page<EmbeddedItem>>;
  /**
   * Items with a picture that this model has not embedded as it is now, in byte order of ids. A page looks at no more
   * than `limit` items, so that it is short to read: it may hold few or none, and `next` goes on all the same.
   */
  missing(collection: string, modelId: string, page: { after?: string; limit: number }): Promise<Page<UnembeddedItem>>;
  get(collection: string, modelId: string, itemIds: readonly string[]): Promise<readonly EmbeddedItem[]>;
  /** The models that any embedding here is by, `none` among them. */
  models(collection: string): Promise<readonly string[]>;
  count(collection: string, modelId: string): Promise<number>;
  /** Says that somebody begins to build on this model's embeddings: `drop` leaves them alone for as long as it is told. */
  use(collection: string, modelId: string): Promise<void>;
  /**
   * Deletes some hundreds of a model's embeddings and says how many; call it until it answers 0. Never those of a
   * release's model, of the collection's encoder, of one used since `idleSince` (epoch milliseconds), or `none`.
   */
  drop(collection: string, modelId: string, idleSince: number): Promise<number>;
}

/** One line of a collection's log. Revisions commit in order: whoever has seen 7 will never find a new 6. */
export type Change =
  | {
      readonly kind: 'put';
      readonly revision: number;
      readonly itemId: string;
      readonly attributes: Attributes;
      readonly content: string | null;
      /** By the model asked for; null where there is none (no picture, or not embedded yet: the follower mends it). */
      readonly vector: Vector | null;
      readonly createdAt: number;
    }
  | { readonly kind: 'delete'; readonly revision: number; readonly itemId: string }
  | { readonly kind: 'release'; readonly revision: number; readonly releaseId: string };

export interface ChangeLog {
  /** The newest committed revision of a collection; 0 where nothing was ever written. */
  revision(collection: string): Promise<number>;
  /** What came after a revision, oldest first; an item that changed twice appears once, at its newest revision. */
  after(collection: string, modelId: string, revision: number, limit: number): Promise<readonly Change[]>;
  /** The oldest revision from which `after` is complete; an index that is older must be rebuilt. */
  compactedThrough(collection: string): Promise<number>;
  /** Lines that `compact` would drop. */
  compactable(collection: string, throughRevision: number): Promise<number>;
  /**
   * Drops tombstones up to a revision that every kept index contains, some hundreds to a transaction. How many lines
   * that were. A follower that stands before `compactedThrough` by then has missed deletions, and reads all anew.
   */
  compact(collection: string, throughRevision: number): Promise<number>;
  /** Calls back within a second of any commit by any process (also this one's). Returns how to stop. */
  watch(changed: () => void): () => void;
  /** The same for as long as nobody has committed anything, at no cost; undefined where that can't be told so. */
  version(): number | undefined;
}

export const EVENT_KINDS = ['view', 'click', 'cart', 'purchase', 'like', 'dislike', 'impression'] as const;
export type EventKind = (typeof EVENT_KINDS)[number];

/** How an impression came about: what weighs it when another way of choosing is judged by what was shown. */
export interface Shown {
  /** The probability, in (0, 1], that this item was shown in this place. */
  readonly propensity?: number;
  /** The place, from 1, over all pages. */
  readonly position?: number;
  /** The same for all that one answer showed. */
  readonly requestId?: string;
  readonly experiment?: string;
  readonly variant?: string;
  /** What the answer had been asked for beside whom it was for; only where this program wrote the impression itself. */
  readonly request?: Attributes;
}

export interface NewEvent {
  readonly userId?: string;
  readonly sessionId?: string;
  readonly itemId: string;
  readonly kind: EventKind;
  /** Epoch milliseconds. */
  readonly time: number;
  readonly value?: number;
  readonly eventId?: string;
  /** Only with impressions. */
  readonly shown?: Shown;
}

export type StoredEvent = NewEvent & { readonly receivedAt: number };

/** What is known of an item from all people. */
export interface Evidence {
  readonly shown: number;
  readonly chosen: number;
}

/** One impression of an experiment. */
export interface Outcome {
  readonly place: number;
  /** The user, or the session where no user is named; users and sessions never share a name. */
  readonly who: string;
  readonly variant: string;
  readonly success: boolean;
}

export interface Events {
  /** One transaction. An `eventId` seen before in this collection counts as a duplicate and changes nothing. */
  add(collection: string, events: readonly NewEvent[]): Promise<{ accepted: number; duplicates: number }>;
  /** Somebody's newest events first, of these kinds (of every kind where none are named). */
  of(
    collection: string,
    who: { userId: string } | { sessionId: string },
    limit: number,
    kinds?: readonly EventKind[],
  ): Promise<readonly StoredEvent[]>;
  /** Every item that a person had any event on but impressions, so that it is not shown again: of their newest 10,000. */
  seenBy(collection: string, who: { userId: string } | { sessionId: string }): Promise<ReadonlySet<string>>;
  /** Items by weighted count of events (weights a kind are handed in), most first, ties by id. */
  popular(
    collection: string,
    weights: Readonly<Record<EventKind, number>>,
    limit: number,
  ): Promise<readonly { itemId: string; weight: number }[]>;
  /** How often each item that has events was shown, and chosen (an event of one of these kinds). Reads the counts of all. */
  evidence(collection: string, chosen: readonly EventKind[]): Promise<ReadonlyMap<string, Evidence>>;
  /**
   * Impressions of an experiment since it began, in order of arrival, from just behind the place `after`, each with whether the same
   * person had an event of one of these kinds on the item within so many milliseconds after it.
   */
  outcomes(
    collection: string,
    experiment: { readonly name: string; readonly from: number; readonly success: NewExperiment['success'] },
    page: { after: number; limit: number },
  ): Promise<readonly Outcome[]>;
  count(collection: string): Promise<number>;
  /** All that one person did, oldest first (by time, then in order of arrival). */
  history(
    collection: string,
    userId: string,
    page: { after?: string | undefined; limit: number },
  ): Promise<Page<StoredEvent>>;
  /** Events that happened before a time (epoch milliseconds). Reads them all: for what is asked now and then. */
  countBefore(collection: string, time: number): Promise<number>;
  /** Places of some events that happened before a time, in order of arrival, from just behind `after`; `remove` takes them. */
  before(collection: string, time: number, page: { after: number; limit: number }): Promise<readonly number[]>;
  /** Takes events away by their places, and out of the counts. How many there were. */
  remove(collection: string, places: readonly number[]): Promise<number>;
  /** Says that what has arrived of a person is to be forgotten: `dropUser` does it, also after a crash. */
  forget(collection: string, userId: string): Promise<void>;
  /** Some of those who are to be forgotten and are not yet, in byte order. */
  toForget(collection: string): Promise<readonly string[]>;
  /** Takes some hundreds of a marked person's events away and says how many; once it answers 0 nothing marked is left. */
  dropUser(collection: string, userId: string): Promise<number>;
  /**
   * Makes sure that what was taken away is in no file of the database any more (SQLite's log; Postgres sees to it by
   * its own vacuum). False where somebody still reads from the log: ask again.
   */
  wipe(): Promise<boolean>;
  /** Events in order of arrival, from just behind the place `after` (0: from the first), each with its place. */
  since(
    collection: string,
    page: { after: number; limit: number },
  ): Promise<readonly (StoredEvent & { readonly place: number })[]>;
  /**
   * Looks at events in order of arrival, from just behind the place `after`, at most `limit` of them: how many there are
   * beside impressions, and the place of the last (`after` where there is none).
   */
  countSince(
    collection: string,
    page: { after: number; limit: number },
  ): Promise<{ readonly events: number; readonly place: number }>;
  /**
   * Changes whenever one of somebody's newest 10,000 events is added or taken away, in whatever process: a short text to
   * compare.
   */
  mark(collection: string, who: { userId: string } | { sessionId: string }): Promise<string>;
  /** Changes whenever somebody was forgotten or events were taken away: a short text to compare. */
  removals(): Promise<string>;
}

export const JOB_STATES = ['queued', 'running', 'succeeded', 'failed', 'cancelled'] as const;
export type JobState = (typeof JOB_STATES)[number];

export interface JobProgress {
  readonly stage?: string;
  readonly done: number;
  readonly total?: number;
  readonly unit: string;
  readonly etaSeconds?: number;
  readonly note?: string;
}

export interface Job {
  readonly jobId: string;
  readonly kind: string;
  readonly collection: string;
  readonly input: Json;
  readonly state: JobState;
  /** Grows with each claim; what a worker publishes carries it, so that an orphan can't publish beside its successor. */
  readonly attempt: number;
  readonly progress: JobProgress | null;
  readonly result: Json;
  readonly error: { readonly code: string; readonly message: string; readonly remedy?: string } | null;
  readonly cancelRequested: boolean;
  readonly createdAt: number;
  readonly startedAt: number | null;
  readonly finishedAt: number | null;
}

export interface JobTable {
  /** Queues a job, or answers with the equal one (kind, collection, input) that is still queued. */
  enqueue(job: { kind: string; collection: string; input: Json }): Promise<{ job: Job; created: boolean }>;
  /** Hands the oldest queued job (or one whose worker's heart stopped `staleAfterMs` ago) to exactly one worker. */
  claim(worker: string, kinds: readonly string[], staleAfterMs: number): Promise<Job | undefined>;
  /** Still alive, and how far. False where the claim is lost or a cancel was asked for: the worker must stop. */
  beat(jobId: string, attempt: number, progress: JobProgress | null): Promise<boolean>;
  /** Ends a job; false (and nothing changes) where this attempt no longer holds it. */
  finish(
    jobId: string,
    attempt: number,
    end:
      | { state: 'succeeded'; result: Json }
      | { state: 'failed'; error: NonNullable<Job['error']> }
      | { state: 'cancelled' },
  ): Promise<boolean>;
  /** Hands an unfinished job back (a worker that shuts down): it can be claimed at once. False where the claim is lost. */
  release(jobId: string, attempt: number): Promise<boolean>;
  /** A queued job is cancelled at once, a running one is asked to stop. Undefined where there is none. */
  cancel(jobId: string): Promise<Job | undefined>;
  get(jobId: string): Promise<Job | undefined>;
  /** Newest first. */
  list(filter: { collection?: string; kind?: string; state?: JobState; limit: number }): Promise<readonly Job[]>;
  /** Jobs of any collection that ended before this time (epoch milliseconds). */
  countFinished(before: number): Promise<number>;
  /** Deletes some hundreds of those and says how many; call it until it answers 0. */
  prune(before: number): Promise<number>;
}

/** What a collection serves: one index, the model that embedded it and what was learnt from events, switched as one row. */
export interface Release {
  readonly releaseId: string;
  readonly collection: string;
  readonly indexId: string;
  readonly modelId: string;
  /** The behaviour model; null where none was learnt. */
  readonly behaviourId: string | null;
  readonly active: boolean;
  readonly createdAt: number;
  readonly activatedAt: number | null;
  /** Why it came about: `reindex`, `train`, `retrain`, `behaviour`. */
  readonly origin: string;
}

export interface Releases {
  add(release: {
    releaseId: string;
    collection: string;
    indexId: string;
    modelId: string;
    behaviourId?: string | null;
    origin: string;
  }): Promise<Release>;
  list(collection: string): Promise<readonly Release[]>;
  get(releaseId: string): Promise<Release | undefined>;
  active(collection: string): Promise<Release | undefined>;
  /** Compare and set, and a row in the log. `expected` is the release that was active when the caller looked (null: none). */
  activate(releaseId: string, expected?: string | null): Promise<'activated' | 'already-active' | 'moved-on'>;
  /**
   * Forgets releases, and says which: never the active one, nor one that was made or activated at or after `idleSince`
   * (epoch milliseconds), whatever happened since the caller looked.
   */
  remove(collection: string, which: { releaseIds: readonly string[]; idleSince: number }): Promise<readonly string[]>;
}

export const RULE_ACTIONS = ['pin', 'boost', 'bury', 'hide'] as const;

/** What an administrator wants of some items whatever they score. By item or by filter, one of the two. */
export interface NewRule {
  readonly ruleId: string;
  readonly name: string | null;
  readonly action: (typeof RULE_ACTIONS)[number];
  readonly itemId: string | null;
  /** As searches write filters. */
  readonly filter: Attributes | null;
  /** Where a pin puts its item, from 1. */
  readonly position: number | null;
  /** What a boost adds to a score and a bury takes from it. */
  readonly by: number | null;
  /** Epoch milliseconds; it holds from `from` on and no longer at `until`. */
  readonly from: number | null;
  readonly until: number | null;
}

export interface Rule extends NewRule {
  readonly collection: string;
  readonly createdAt: number;
  readonly updatedAt: number;
}

export interface Rules {
  /** Makes or replaces one. Throws REQUEST_INVALID where a collection would have more than 1,000. */
  put(collection: string, rule: NewRule): Promise<{ rule: Rule; created: boolean }>;
  get(collection: string, ruleId: string): Promise<Rule | undefined>;
  /** In byte order of ids. */
  list(collection: string): Promise<readonly Rule[]>;
  /** Those of every collection, in byte order of collections and ids. */
  all(): Promise<readonly Rule[]>;
  /** False where there is none. */
  delete(collection: string, ruleId: string): Promise<boolean>;
}

export interface Variant {
  readonly name: string;
  /** From 0 to 1; those of an experiment add up to 1. */
  readonly share: number;
  /** The fields of a request for recommendations that are as this variant says. */
  readonly request: Attributes;
}

/** People are split over variants of what is recommended to them, to see which does better. */
export interface NewExperiment {
  readonly name: string;
  /** The first one is what the others are compared with. */
  readonly variants: readonly Variant[];
  /** Epoch milliseconds: it is active from `from` on and no longer at `until` (null: for good). */
  readonly from: number;
  readonly until: number | null;
  /** What counts as a success: an event of one of these kinds on an item, by whom it was shown to, in time. */
  readonly success: { readonly kinds: readonly EventKind[]; readonly windowMs: number };
}

export interface Experiment extends NewExperiment {
  readonly collection: string;
  /** Runs of buckets and the variant they belong to, in order: those whose share stays keep theirs for ever. */
  readonly buckets: readonly (readonly [variant: string, count: number])[];
  readonly createdAt: number;
  readonly updatedAt: number;
}

export interface Experiments {
  /**
   * Makes or replaces one. Variants that keep their share keep their people. Throws EXPERIMENT_OVERLAP where another one
   * is active at the same time, and REQUEST_INVALID where a collection would have more than 1,000.
   */
  put(collection: string, experiment: NewExperiment): Promise<{ experiment: Experiment; created: boolean }>;
  get(collection: string, name: string): Promise<Experiment | undefined>;
  /** In byte order of names. */
  list(collection: string): Promise<readonly Experiment[]>;
  /** Those of every collection, in byte order of collections and names. */
  all(): Promise<readonly Experiment[]>;
  /** False where there is none. */
  delete(collection: string, name: string): Promise<boolean>;
}

export const SCOPES = ['search', 'write', 'admin'] as const;
export type Scope = (typeof SCOPES)[number];

export interface ApiKey {
  readonly keyId: string;
  readonly name: string;
  readonly scopes: readonly Scope[];
  /** Null: every collection. */
  readonly collections: readonly string[] | null;
  readonly ratePerSecond: number | null;
  readonly createdAt: number;
  readonly revokedAt: number | null;
}

export interface ApiKeys {
  /** Stores the SHA-256 of a fresh 256-bit secret and hands the secret out this once. */
  create(
    key: Pick<ApiKey, 'name' | 'scopes' | 'collections' | 'ratePerSecond'>,
  ): Promise<{ key: ApiKey; secret: string }>;
  find(secretHash: string): Promise<ApiKey | undefined>;
  list(): Promise<readonly ApiKey[]>;
  revoke(keyId: string): Promise<boolean>;
  /** Whether any key was ever made and not revoked. */
  any(): Promise<boolean>;
}

/**
 * The truth: all that Kindred knows, in SQLite or Postgres. Several processes may have it open at once. What a method
 * has answered is on disk. Every method throws AppError(CATALOGUE_UNAVAILABLE) where the database can't be reached and
 * AppError(DISK_FULL) where it can't be written; writes to a collection that is not there throw COLLECTION_NOT_FOUND.
 */
export interface Catalogue {
  readonly engine: 'sqlite' | 'postgres';
  readonly collections: {
    /**
     * Makes or changes one; what is left out stays as it is. Throws COLLECTION_ENCODER_FIXED where items are there and the
     * encoder would change.
     */
    put(
      name: string,
      settings: { encoder?: string | null; dimension?: number; explore?: Attributes | null },
    ): Promise<{ collection: Collection; created: boolean }>;
    get(name: string): Promise<Collection | undefined>;
    list(): Promise<readonly Collection[]>;
    /** With everything in it. False where there is none. */
    delete(name: string): Promise<boolean>;
  };
  readonly items: Items;
  readonly embeddings: Embeddings;
  readonly log: ChangeLog;
  readonly events: Events;
  readonly jobs: JobTable;
  readonly releases: Releases;
  readonly rules: Rules;
  readonly experiments: Experiments;
  readonly keys: ApiKeys;
  /** Small values that belong to the installation (the secret that signs picture addresses, say): get or make once. */
  readonly installation: { getOrCreate(name: string, make: () => string): Promise<string> };
  close(): Promise<void>;
}
