import type { Ref } from 'preact';
import type { Collection } from '../api.js';
import { catalogueOf, type Route, toHash } from '../route-hash.js';
import { bringFile } from '../state/pictures.js';
import { go } from '../state/route.js';
import { Icon } from './icon.js';

interface HeaderProps {
  readonly route: Route;
  readonly collections: readonly Collection[];
  readonly searchBox: Ref<HTMLInputElement>;
  readonly chooser: Ref<HTMLInputElement>;
  readonly onHelp: () => void;
}

/** Types into the catalogue: words narrow it at once; from elsewhere they lead back to it. */
function narrow(route: Route, words: string): void {
  if (route.view === 'catalogue') go({ ...route, words }, { replace: true });
  else go({ ...catalogueOf(route.collection), words } as Route);
}

export function Header({ route, collections, searchBox, chooser, onHelp }: HeaderProps) {
  const { collection } = route;
  const home = catalogueOf(collection);
  return (
    <header class="header">
      <a
        class="wordmark"
        href={toHash(home)}
        onClick={(event) => {
          event.preventDefault();
          go(home);
        }}
      >
        <span class="mark" aria-hidden="true" />
        Kindred
      </a>
      {collections.length > 1 ? (
        <select
          class="picker"
          aria-label="Collection"
          value={collection}
          onChange={(event) => go(catalogueOf(event.currentTarget.value))}
        >
          {collections.map(({ name }) => (
            <option key={name}>{name}</option>
          ))}
        </select>
      ) : null}
      <search class="search">
        <Icon name="search" />
        <input
          ref={searchBox}
          type="search"
          data-above-grid
          aria-label="Search by name"
          aria-keyshortcuts="/"
          placeholder="Search by name"
          autocomplete="off"
          spellcheck={false}
          value={route.view === 'catalogue' ? route.words : ''}
          onInput={(event) => narrow(route, event.currentTarget.value)}
        />
        <span class="key" aria-hidden="true">
          /
        </span>
      </search>
      <label class="button button-picture">
        <Icon name="picture" />
        <span>Search by picture</span>
        <input
          ref={chooser}
          type="file"
          accept="image/*"
          class="visually-hidden"
          onChange={(event) => {
            const file = event.currentTarget.files?.[0];
            event.currentTarget.value = '';
            if (file) go(bringFile(collection, file));
          }}
        />
      </label>
      <button type="button" class="icon-button" aria-label="Help and keys" aria-keyshortcuts="?" onClick={onHelp}>
        <Icon name="help" />
      </button>
    </header>
  );
}
