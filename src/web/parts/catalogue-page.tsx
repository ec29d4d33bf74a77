import { useMemo } from 'preact/hooks';
import { count, fitting, plural } from '../item-text.js';
import type { Route } from '../route-hash.js';
import type { Catalogue, Entry } from '../state/catalogue.js';
import { go } from '../state/route.js';
import { EmptyCatalogue } from './empty-catalogue.js';
import { ProblemNote } from './problem-note.js';
import { TileGrid } from './tile-grid.js';

interface CataloguePageProps {
  readonly route: Extract<Route, { view: 'catalogue' }>;
  readonly catalogue: Catalogue;
}

/** Entries that fit the words and the facet, best fit first, else as the catalogue has them. */
function chosen({ entries, facet }: Catalogue, words: string, group: string): readonly Entry[] {
  const inGroup = facet && group ? entries.filter(({ attributes }) => attributes?.[facet.field] === group) : entries;
  if (!words.trim()) return inGroup;
  return inGroup
    .flatMap((entry) => {
      const rank = fitting(entry, words);
      return rank === undefined ? [] : [{ entry, rank }];
    })
    .sort((a, b) => a.rank - b.rank)
    .map(({ entry }) => entry);
}

/** The whole catalogue as a grid, narrowed by words and by group. */
export function CataloguePage({ route, catalogue }: CataloguePageProps) {
  const { collection, words, facet: group } = route;
  const shown = useMemo(() => chosen(catalogue, words, group), [catalogue, words, group]);
  const { entries, facet, complete, cut, problem } = catalogue;
  if (complete && entries.length === 0) return <EmptyCatalogue collection={collection} />;

  const all = shown.length === entries.length;
  const total = `${plural(entries.length, 'picture', 'pictures')}${complete ? (cut ? ', and more' : '') : '…'}`;
  return (
    <section class="catalogue" aria-busy={!complete && !problem}>
      <div class="lede">
        <h1 tabIndex={-1}>{collection === 'default' ? 'The catalogue' : collection}</h1>
        <p class="quiet" role="status">
          {entries.length === 0 ? 'Reading…' : all ? total : `${count(shown.length)} of ${total}`}
        </p>
      </div>
      {facet ? (
        <fieldset class="chips">
          <legend class="visually-hidden">{facet.field}</legend>
          {['', ...facet.values].map((value) => (
            <button
              key={value}
              type="button"
              class="chip"
              aria-pressed={value === group}
              onClick={() => go({ ...route, facet: value }, { replace: true })}
            >
              {value || 'All'}
            </button>
          ))}
        </fieldset>
      ) : null}
      {problem && problem.status !== 401 && problem.code !== 'NOT_READY' ? <ProblemNote problem={problem} /> : null}
      {entries.length === 0 && !problem ? <div class="skeletons" aria-hidden="true" /> : null}
      {complete && shown.length === 0 ? (
        <p class="quiet nothing">
          Nothing here is called “{words}”. A picture finds what words don't: drop one on this page.
        </p>
      ) : null}
      <TileGrid
        collection={collection}
        label="Catalogue"
        hits={shown}
        memory={`catalogue/${collection}`}
        onOpen={({ itemId }) => go({ view: 'item', collection, itemId })}
      />
    </section>
  );
}
