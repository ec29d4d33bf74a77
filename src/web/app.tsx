import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks';
import { api, type Collection } from './api.js';
import { titleOf } from './item-text.js';
import { CataloguePage } from './parts/catalogue-page.js';
import { Header } from './parts/header.js';
import { Help } from './parts/help.js';
import { ItemPage } from './parts/item-page.js';
import { KeyForm } from './parts/key-form.js';
import { PicturePage } from './parts/picture-page.js';
import { TastePage } from './parts/taste-page.js';
import { thumb } from './parts/thumbs.js';
import { Tray } from './parts/tray.js';
import type { Route } from './route-hash.js';
import { announcement } from './state/announcement.js';
import { type Catalogue, useCatalogue } from './state/catalogue.js';
import { connection, epoch } from './state/connection.js';
import { go, route as routeStore, scrollOfVisit } from './state/route.js';
import { useStore } from './state/store.js';
import { type Taste, tasteOf, tastes } from './state/taste.js';
import { useDrop } from './state/use-drop.js';
import { useKeys } from './state/use-keys.js';

function View({ route, catalogue }: { readonly route: Route; readonly catalogue: Catalogue }) {
  switch (route.view) {
    case 'catalogue':
      return <CataloguePage route={route} catalogue={catalogue} />;
    case 'item':
      return <ItemPage {...route} catalogue={catalogue} />;
    case 'picture':
      return <PicturePage {...route} />;
    case 'taste':
      return <TastePage {...route} catalogue={catalogue} />;
  }
}

function useCollections(): readonly Collection[] {
  const [collections, setCollections] = useState<readonly Collection[]>([]);
  const asked = useStore(epoch);
  useEffect(() => {
    const aborter = new AbortController();
    // Without the list there is no picker, and the rest of the page works; the catalogue says what is wrong.
    api
      .collections(aborter.signal)
      .then((answer) => setCollections(answer.collections))
      .catch(() => {});
    return () => aborter.abort();
  }, [asked]);
  return collections;
}

/** What the page is about: changes of it move the focus and the scroll position, narrowing by words or a box does not. */
const placeOf = (route: Route): string =>
  route.view === 'catalogue'
    ? `catalogue ${route.collection}`
    : JSON.stringify({ ...route, likes: 0, dislikes: 0, part: 0 });

/** On a new place: its heading has the focus, and the page stands where it was left. */
function usePlace(route: Route): void {
  const place = placeOf(route);
  const first = useRef(true);
  useLayoutEffect(() => {
    if (first.current) {
      first.current = false;
      return;
    }
    const [top, typing] = [scrollOfVisit(), document.activeElement instanceof HTMLInputElement];
    scrollTo(0, top);
    // Once more when the grid has measured itself: only then is the page as long as it was.
    requestAnimationFrame(() =>
      requestAnimationFrame(() => {
        scrollTo(0, top);
        if (typing) return;
        const cell = top > 0 ? document.querySelector<HTMLElement>('[role=gridcell][tabindex="0"]') : null;
        (cell ?? document.querySelector<HTMLElement>('main h1'))?.focus({ preventScroll: true });
      }),
    );
  }, [place]);
}

/** A thumb changes the recommendation that is looked at. */
function useTasteFollows(route: Route, taste: Taste): void {
  useEffect(() => {
    if (route.view !== 'taste' || taste.likes.length + taste.dislikes.length === 0) return;
    const same = JSON.stringify([route.likes, route.dislikes]) === JSON.stringify([taste.likes, taste.dislikes]);
    if (!same) go({ ...route, ...taste }, { replace: true });
  }, [route, taste]);
}

export function App() {
  const route = useStore(routeStore);
  const { collection } = route;
  const taste = tasteOf(useStore(tastes), collection);
  const state = useStore(connection);
  const said = useStore(announcement);
  const catalogue = useCatalogue(collection);
  const collections = useCollections();
  const over = useDrop(collection);
  const [help, setHelp] = useState(false);
  const searchBox = useRef<HTMLInputElement>(null);
  const chooser = useRef<HTMLInputElement>(null);
  usePlace(route);
  useTasteFollows(route, taste);

  useKeys({
    route,
    taste,
    searchBox,
    chooser,
    onHelp: () => setHelp(true),
    onThumb(which) {
      if (route.view !== 'item') return;
      const item = catalogue.byId.get(route.itemId) ?? { itemId: route.itemId };
      thumb(collection, { itemId: route.itemId, title: titleOf(item) }, which);
    },
  });

  const tray = route.view !== 'taste' && taste.likes.length + taste.dislikes.length > 0 && state.kind !== 'key';
  return (
    <>
      <button type="button" class="skip" onClick={() => document.getElementById('main')?.focus()}>
        Skip to the pictures
      </button>
      <Header
        route={route}
        collections={collections}
        searchBox={searchBox}
        chooser={chooser}
        onHelp={() => setHelp(true)}
      />
      {state.kind === 'lost' || state.kind === 'waking' ? (
        <p class="banner" role="status">
          <span class="pulse" aria-hidden="true" />
          {state.kind === 'lost' ? 'The server does not answer. Trying again…' : state.why}
        </p>
      ) : null}
      <main id="main" tabIndex={-1} class={tray ? 'above-tray' : ''}>
        {state.kind === 'key' ? <KeyForm refused={state.refused} /> : <View route={route} catalogue={catalogue} />}
      </main>
      {tray ? <Tray collection={collection} taste={taste} catalogue={catalogue} /> : null}
      {help ? <Help onClose={() => setHelp(false)} /> : null}
      {over ? (
        <div class="drop" aria-hidden="true">
          <p>Drop a picture to find its kin</p>
        </div>
      ) : null}
      <p class="visually-hidden" aria-live="polite">
        {said}
      </p>
    </>
  );
}
