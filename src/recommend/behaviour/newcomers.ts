import { setImmediate as nextTurn } from 'node:timers/promises';
import type { LiveIndex, LiveItem } from '../../indexing/live-index.js';

/** Items with events that an item without any is likened to. */
const LENDERS = 5;
/** Neighbours that are looked at first: mostly, some of them have events. */
const NEAR = 32;
/** Items that are passed, and newcomers that are likened, before others have a turn. */
const PASSED_A_TURN = 10_000;
const LIKENED_A_TURN = 4;
/** Newcomers that appear together. */
const TOLD_TOGETHER = 2_000;
/** How long a request waits for newcomers; the rest are there for one of the next. */
const PATIENCE_MS = 20;

/** An item that a model doesn't know, and the items it does know that look most like it. */
export interface Newcomer {
  readonly itemId: string;
  /** Most alike first, at least one, cosines above 0. */
  readonly lenders: readonly { readonly number: number; readonly cosine: number }[];
}

export interface Newcomers {
  /** Takes in what was added since the last call, for as long as a request can wait. */
  catchUp(): Promise<void>;
  all(): readonly Newcomer[];
  of(itemId: string): Newcomer | undefined;
  /** Grows whenever `all` changes. */
  readonly version: number;
}

/** Follows which items of a live index a model has no number for: they came after it, or nobody had touched them. */
export function followNewcomers(index: LiveIndex, numberOf: ReadonlyMap<string, number>): Newcomers {
  const known = new Map<string, { readonly item: LiveItem; readonly newcomer: Newcomer | null | undefined }>();
  let [version, seen] = [0, -1];
  let listed = { version, newcomers: [] as readonly Newcomer[] };
  let sweeping: Promise<void> | undefined;

  /** Items are compared by identity: one that was written again is another. */
  async function sweep(): Promise<void> {
    const now = index.version;
    let [passed, likened] = [0, 0];
    let changed = false;
    // What people were shown is worked out anew after each change: many newcomers are one change.
    const tell = (): void => {
      if (changed) version++;
      changed = false;
    };
    for (const item of index.items()) {
      if (++passed % PASSED_A_TURN === 0) await nextTurn();
      if (numberOf.has(item.itemId)) continue;
      const before = known.get(item.itemId);
      const same = before?.item === item;
      if (same && (before.newcomer !== undefined || !(await index.vector(item.itemId)))) continue;
      if (++likened % LIKENED_A_TURN === 0) await nextTurn();
      const newcomer = await liken(index, item.itemId, numberOf);
      known.set(item.itemId, { item, newcomer });
      changed ||= Boolean(newcomer ?? before?.newcomer);
      if (likened % TOLD_TOGETHER === 0) tell();
    }
    for (const itemId of known.keys()) if (!index.item(itemId) && known.delete(itemId)) changed = true;
    tell();
    seen = now;
  }

  return {
    async catchUp() {
      if (seen === index.version) return;
      sweeping ??= sweep().finally(() => {
        sweeping = undefined;
      });
      let late: NodeJS.Timeout | undefined;
      const patience = new Promise<void>((resume) => {
        late = setTimeout(resume, PATIENCE_MS).unref();
      });
      await Promise.race([sweeping, patience]).finally(() => clearTimeout(late));
    },
    all() {
      if (listed.version !== version)
        listed = { version, newcomers: [...known.values()].flatMap(({ newcomer }) => newcomer ?? []) };
      return listed.newcomers;
    },
    of: (itemId) => known.get(itemId)?.newcomer ?? undefined,
    get version() {
      return version;
    },
  };
}

/** Null where nothing looks like it; undefined where its vector has not come yet. */
async function liken(
  index: LiveIndex,
  itemId: string,
  numberOf: ReadonlyMap<string, number>,
): Promise<Newcomer | null | undefined> {
  const vector = await index.vector(itemId);
  if (!vector) return undefined;
  const near = await index.nearest(vector, NEAR);
  const lendersAmong = (neighbours: typeof near) =>
    neighbours.flatMap(({ itemId: other, similarity }) => {
      const number = numberOf.get(other);
      return number === undefined || similarity <= 0 ? [] : [{ number, cosine: similarity }];
    });
  const among = lendersAmong(near);
  const lenders =
    among.length > 0 ? among : lendersAmong(await index.nearest(vector, LENDERS, (item) => numberOf.has(item.itemId)));
  return lenders.length === 0 ? null : { itemId, lenders: lenders.slice(0, LENDERS) };
}
