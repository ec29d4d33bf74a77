import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Catalogue, Change, Collection } from '../catalogue/catalogue.js';
import { AppError } from '../errors.js';
import type { Embedders } from './embedder.js';
import type { LiveIndex, LiveItem } from './live-index.js';
import { LiveView } from './live-view.js';
import { Mender } from './mender.js';
import { BROUGHT, openTrack, type Track, type TrackSource } from './track.js';

const PAGE = 1000;
const RETRY_MS = 250;

export interface LiveCollectionOptions extends TrackSource {
  readonly catalogue: Pick<Catalogue, 'embeddings' | 'log' | 'items' | 'releases'>;
  readonly embedders: Embedders;
  readonly readBlob: (content: string) => Promise<Uint8Array | undefined>;
}

interface Waiter {
  readonly met: () => boolean;
  readonly resolve: () => void;
  readonly reject: (cause: unknown) => void;
}

/**
 * One collection in this process: its items, the track that is searched, and the follower that applies the log to both
 * in order. All changes of state happen in `#step`, one at a time, and each is applied without waiting in between, so
 * whoever reads in another turn sees one consistent state.
 */
export class LiveCollection {
  readonly collection: Collection;
  readonly #options: LiveCollectionOptions;
  /** Replaced as a whole where everything is read anew: views that are held keep the old one. */
  #items = new Map<string, LiveItem>();
  readonly #waiters = new Set<Waiter>();
  #track: Track | undefined;
  #view: LiveView | undefined;
  #mender: Mender | undefined;
  /** Loaded, not yet caught up: it takes over at the end of a step. */
  #successor: { track: Track; mender: Mender | undefined } | undefined;
  #adopting = false;
  #adoptAgain = false;
  #revision = 0;
  #ready = false;
  #closed = false;
  #following = false;
  #woken = false;
  #tending: NodeJS.Timeout | undefined;

  constructor(collection: Collection, options: LiveCollectionOptions) {
    this.collection = collection;
    this.#options = options;
  }

  get ready(): boolean {
    return this.#ready;
  }

  get revision(): number {
    return this.#revision;
  }

  /** What is served now, bound to one track: hold it for one request, and a switch can't mix two models in it. */
  get view(): LiveIndex {
    if (!this.#view) throw new AppError('NOT_READY', { why: `Collection "${this.collection.name}" is still loading.` });
    return this.#view;
  }

  /** Reads everything, then follows. Tries again until it is closed. */
  async open(): Promise<void> {
    while (!this.#closed) {
      try {
        await this.#load();
        while (await this.#step());
        this.#ready = true;
        this.#notify();
        this.wake();
        return;
      } catch (cause) {
        if (this.#closed) return;
        this.#options.log.error({ collection: this.collection.name, err: cause }, 'Loading a collection failed');
        await new Promise((resume) => setTimeout(resume, RETRY_MS).unref());
      }
    }
  }

  /** Something may have changed. */
  wake(): void {
    this.#woken = true;
    if (!this.#following && this.#ready && !this.#closed) void this.#follow();
  }

  /** Resolves once the log is applied through this revision. Rejects with COLLECTION_NOT_FOUND where it is deleted. */
  appliedThrough(revision: number): Promise<void> {
    return this.#until(() => this.#ready && this.#revision >= revision);
  }

  untilReady(): Promise<void> {
    return this.#until(() => this.#ready);
  }

  /** Resolves once this release or one that was activated after it is served. Throws RELEASE_NOT_FOUND. */
  async serving(releaseId: string): Promise<void> {
    const { releases } = this.#options.catalogue;
    for (;;) {
      const served = this.#track?.releaseId ?? null;
      if (this.#ready && served === releaseId) return;
      const wanted = await releases.get(releaseId);
      if (!wanted) throw new AppError('RELEASE_NOT_FOUND', { releaseId });
      const now = served === null ? undefined : await releases.get(served);
      if (this.#ready && now && (now.activatedAt ?? 0) > (wanted.activatedAt ?? 0) && wanted.activatedAt !== null)
        return;
      this.wake();
      await this.#until(() => (this.#track?.releaseId ?? null) !== served || (this.#ready && served === releaseId));
    }
  }

  /** Resolves once none of these items waits for an embedding by the model that is searched. */
  async mended(itemIds: readonly string[]): Promise<void> {
    await this.#mender?.settled(itemIds);
  }

  close(): void {
    this.#closed = true;
    this.#mender?.close();
    this.#successor?.mender?.close();
    clearTimeout(this.#tending);
    for (const waiter of this.#waiters) waiter.reject(this.#gone());
    this.#waiters.clear();
  }

  #gone(): AppError {
    return new AppError('COLLECTION_NOT_FOUND', { collection: this.collection.name });
  }

  #until(met: () => boolean): Promise<void> {
    if (met()) return Promise.resolve();
    if (this.#closed) return Promise.reject(this.#gone());
    return new Promise((resolve, reject) => {
      this.#waiters.add({ met, resolve, reject });
      this.wake();
    });
  }

  #notify(): void {
    for (const waiter of this.#waiters) {
      if (!waiter.met()) continue;
      this.#waiters.delete(waiter);
      waiter.resolve();
    }
  }

  async #modelWithoutRelease(): Promise<string | null> {
    return this.collection.encoder ?? (await this.#options.embedders.defaultModelId()) ?? null;
  }

  /** Reads everything from the catalogue; what was served until then is served until the end. */
  async #load(): Promise<void> {
    const { catalogue } = this.#options;
    const { name } = this.collection;
    const base = await catalogue.log.revision(name);
    const release = await catalogue.releases.active(name);
    const track = await openTrack(this.#options, this.collection, release, await this.#modelWithoutRelease());
    const items = new Map<string, LiveItem>();
    let after: string | undefined;
    do {
      const page = await catalogue.items.list(name, { limit: PAGE, ...(after === undefined ? {} : { after }) });
      for (const { itemId, attributes, picture, createdAt } of page.rows)
        items.set(itemId, { itemId, attributes, hasPicture: picture !== null, createdAt });
      after = page.next;
      await nextTurn();
    } while (after !== undefined);
    if (this.#closed) return;
    this.#items = items;
    this.#revision = Math.min(base, track.revision);
    this.#serve(track, this.#menderOf(track));
  }

  /** The one assignment by which a track takes over. */
  #serve(track: Track, mender: Mender | undefined): void {
    this.#mender?.close();
    this.#track = track;
    this.#mender = mender;
    this.#view = new LiveView(this, track, this.#items);
    this.#tend();
  }

  #menderOf(track: Track): Mender | undefined {
    const { modelId } = track;
    if (modelId === null || modelId === BROUGHT) return undefined;
    const mender = new Mender({
      ...this.#options,
      collection: this.collection.name,
      modelId,
      mended: (itemId, vector) => {
        track.upsert(itemId, vector);
        this.#tend();
      },
    });
    void this.#mendAll(modelId, mender).catch((cause: unknown) => {
      if (this.#closed) return;
      this.#options.log.warn({ collection: this.collection.name, err: cause }, 'Looking for missing embeddings failed');
    });
    return mender;
  }

  /** Items without an embedding by the model: written by somebody who had another one. */
  async #mendAll(modelId: string, mender: Mender): Promise<void> {
    let after: string | undefined;
    do {
      const page = await this.#options.catalogue.embeddings.missing(this.collection.name, modelId, {
        limit: PAGE,
        ...(after === undefined ? {} : { after }),
      });
      for (const item of page.rows) mender.want(item);
      after = page.next;
      await nextTurn();
    } while (after !== undefined && !this.#closed);
  }

  async #follow(): Promise<void> {
    this.#following = true;
    while (!this.#closed) {
      this.#woken = false;
      try {
        if (!(await this.#step()) && !this.#woken) break;
      } catch (cause) {
        if (this.#closed) break;
        this.#options.log.error({ collection: this.collection.name, err: cause }, 'Following the log failed');
        await new Promise((resume) => setTimeout(resume, RETRY_MS).unref());
      }
    }
    this.#following = false;
  }

  /** Applies one page of the log; true where there is more to do at once. */
  async #step(): Promise<boolean> {
    const { log } = this.#options.catalogue;
    const track = this.#track!;
    const newest = await log.revision(this.collection.name);
    let full = false;
    if (newest > this.#revision) {
      const changes = await log.after(this.collection.name, track.modelId ?? BROUGHT, this.#revision, PAGE);
      // Asked after the changes were read: whatever was dropped before is seen here.
      const complete = (await log.compactedThrough(this.collection.name)) <= this.#revision;
      if (this.#closed) return false;
      if (!complete) return this.#loadAnew();
      for (const change of changes) this.#apply(change, track);
      full = changes.length === PAGE;
      if (!full) this.#revision = Math.max(this.#revision, newest);
      this.#tend();
      this.#notify();
    }
    const behind = this.#successor ? await this.#catchUpSuccessor(this.#successor) : false;
    return full || behind;
  }

  /** The log no longer says what was deleted since this process last read it. */
  async #loadAnew(): Promise<true> {
    const { log } = this.#options;
    const fields = { collection: this.collection.name, revision: this.#revision };
    log.info(fields, 'The log no longer reaches back to what is served; the collection is read anew');
    await this.#load();
    this.#dropSuccessor(); // the load has read the release that is active
    this.#notify();
    return true;
  }

  #dropSuccessor(): void {
    this.#successor?.mender?.close();
    this.#successor = undefined;
  }

  #apply(change: Change, track: Track): void {
    if (change.kind === 'release') {
      if (change.releaseId !== track.releaseId) this.#adopt();
    } else {
      if (change.kind === 'delete') this.#items.delete(change.itemId);
      else {
        const { itemId, attributes, content, createdAt } = change;
        this.#items.set(itemId, { itemId, attributes, hasPicture: content !== null, createdAt });
        if (track.modelId === null && content !== null) this.#adopt();
      }
      applyVector(change, track, this.#mender);
    }
    this.#revision = change.revision;
  }

  /** Brings the successor to exactly the revision that the items stand at, then lets it take over. */
  async #catchUpSuccessor(successor: { track: Track; mender: Mender | undefined }): Promise<boolean> {
    const { track, mender } = successor;
    if (track.revision > this.#revision) return true; // the items come first
    if (track.revision < this.#revision) {
      const changes = await this.#options.catalogue.log.after(
        this.collection.name,
        track.modelId ?? BROUGHT,
        track.revision,
        PAGE,
      );
      const complete = (await this.#options.catalogue.log.compactedThrough(this.collection.name)) <= track.revision;
      if (this.#closed) return false;
      if (!complete) {
        this.#dropSuccessor();
        this.#adopt();
        return false;
      }
      const due = changes.filter((change) => change.revision <= this.#revision);
      for (const change of due) {
        if (change.kind !== 'release') applyVector(change, track, mender);
        track.revision = change.revision;
      }
      if (changes.length === PAGE && due.length === PAGE) return true;
      track.revision = this.#revision;
    }
    if (this.#successor === successor) this.#successor = undefined;
    this.#serve(track, mender);
    const { name } = this.collection;
    const { releaseId, indexId, modelId } = track;
    this.#options.log.info({ collection: name, releaseId, indexId, modelId }, 'A release is served');
    this.#notify();
    return false;
  }

  /** Loads the active release beside the one that is served. */
  #adopt(): void {
    this.#adoptAgain = true;
    if (this.#adopting) return;
    this.#adopting = true;
    void this.#adoptActive().finally(() => {
      this.#adopting = false;
      if (this.#adoptAgain && !this.#closed) this.#adopt();
    });
  }

  async #adoptActive(): Promise<void> {
    while (this.#adoptAgain && !this.#closed) {
      this.#adoptAgain = false;
      try {
        const release = await this.#options.catalogue.releases.active(this.collection.name);
        const modelId = release ? release.modelId : await this.#modelWithoutRelease();
        const served = this.#track!;
        if (served.releaseId === (release?.releaseId ?? null) && served.modelId === modelId) continue;
        const sameIndex = release !== undefined && served.indexId === release.indexId && served.modelId === modelId;
        const track = sameIndex
          ? served.under(release, this.#revision)
          : await openTrack(this.#options, this.collection, release, modelId);
        this.#successor?.mender?.close();
        this.#successor = { track, mender: this.#menderOf(track) };
        this.wake();
      } catch (cause) {
        if (this.#closed) return;
        this.#options.log.error({ collection: this.collection.name, err: cause }, 'Loading a release failed');
        this.#adoptAgain = true;
        await new Promise((resume) => setTimeout(resume, RETRY_MS).unref());
      }
    }
  }

  /** Upkeep of the store in slices, with at least as much time in between for queries. */
  #tend(): void {
    if (this.#tending || this.#closed) return;
    this.#tending = setTimeout(() => {
      this.#tending = undefined;
      if (this.#track?.tend()) this.#tend();
    }, 2).unref();
  }
}

function applyVector(change: Exclude<Change, { kind: 'release' }>, track: Track, mender: Mender | undefined): void {
  mender?.forget(change.itemId);
  if (change.kind === 'put' && change.vector) track.upsert(change.itemId, change.vector);
  else track.remove(change.itemId);
  if (change.kind === 'put' && !change.vector && change.content !== null)
    mender?.want({ itemId: change.itemId, content: change.content });
}
