import { useEffect, useState } from 'preact/hooks';
import { api, type Shown } from '../api.js';
import { type Facet, facetsOf, searchText, titleOf } from '../item-text.js';
import { Problem } from '../problem.js';
import { epoch } from './connection.js';
import { useStore } from './store.js';

export interface Entry extends Shown {
  readonly title: string;
  /** All words of its attributes, lower case, to search in. */
  readonly text: string;
}
export interface Catalogue {
  readonly entries: readonly Entry[];
  readonly byId: ReadonlyMap<string, Entry>;
  readonly facet: Facet | undefined;
  /** Whether all of it is here. */
  readonly complete: boolean;
  /** Whether it has more than this page holds. */
  readonly cut: boolean;
  readonly problem: Problem | undefined;
}

/** More than this many items are not held in a browser tab: the rest is found by similarity. */
const MOST_ITEMS = 50_000;
const EMPTY_AGAIN_MS = 4_000;
const nothing: Catalogue = {
  entries: [],
  byId: new Map(),
  facet: undefined,
  complete: false,
  cut: false,
  problem: undefined,
};

const entryOf = (item: Shown): Entry => ({ ...item, title: titleOf(item), text: searchText(item) });

/** Reads the catalogue page by page, and shows each as it comes; while it is empty, looks again now and then. */
export function useCatalogue(collection: string): Catalogue {
  const [catalogue, setCatalogue] = useState(nothing);
  const asked = useStore(epoch);
  const [again, setAgain] = useState(0);

  // Here `asked` and `again` mean: read it once more.
  useEffect(() => {
    const aborter = new AbortController();
    let retry: ReturnType<typeof setTimeout> | undefined;
    const read = async (): Promise<void> => {
      const entries: Entry[] = [];
      let cursor: string | undefined;
      try {
        do {
          const page = await api.items(collection, cursor, aborter.signal);
          entries.push(...page.items.map(entryOf));
          cursor = page.nextCursor;
          setCatalogue({
            entries: [...entries],
            byId: new Map(entries.map((entry) => [entry.itemId, entry])),
            facet: facetsOf(entries),
            complete: cursor === undefined || entries.length >= MOST_ITEMS,
            cut: cursor !== undefined && entries.length >= MOST_ITEMS,
            problem: undefined,
          });
        } while (cursor && entries.length < MOST_ITEMS);
        if (entries.length === 0) retry = setTimeout(() => setAgain((n) => n + 1), EMPTY_AGAIN_MS);
      } catch (cause) {
        if (!aborter.signal.aborted && cause instanceof Problem) setCatalogue((held) => ({ ...held, problem: cause }));
      }
    };
    void read();
    return () => {
      aborter.abort();
      clearTimeout(retry);
    };
  }, [collection, asked, again]);

  // What was read of another collection must not flash up under this one's name.
  useEffect(() => () => setCatalogue(nothing), [collection]);
  return catalogue;
}
