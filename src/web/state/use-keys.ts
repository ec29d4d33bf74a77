import type { RefObject } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import { catalogueOf, type Route } from '../route-hash.js';
import { go } from './route.js';
import type { Taste } from './taste.js';

interface Keys {
  readonly route: Route;
  readonly taste: Taste;
  readonly searchBox: RefObject<HTMLInputElement>;
  readonly chooser: RefObject<HTMLInputElement>;
  readonly onHelp: () => void;
  readonly onThumb: (which: 'up' | 'down') => void;
}

const isTyping = (target: EventTarget | null): boolean =>
  target instanceof HTMLInputElement || target instanceof HTMLSelectElement || target instanceof HTMLTextAreaElement;

/** Into the grid, at the cell that was last active. False where there is none. */
function enterGrid(): boolean {
  const cell = document.querySelector<HTMLElement>('[role=gridcell][tabindex="0"]');
  cell?.focus();
  cell?.scrollIntoView({ block: 'nearest' });
  return cell !== null;
}

/** Clears what narrows the catalogue; from elsewhere goes back to it. */
function stepOut(route: Route, searchBox: HTMLInputElement | null): void {
  const home = catalogueOf(route.collection);
  if (route.view !== 'catalogue') go(home);
  else if (route.words || route.facet) go(home, { replace: true });
  else searchBox?.blur();
}

/** The keys that work anywhere on the page (the grid and the dialog have more of their own). */
export function useKeys(keys: Keys): void {
  // The listener stays and reads the latest: effects run late, and a key pressed before that must find the page as it is.
  const latest = useRef(keys);
  latest.current = keys;
  useEffect(() => {
    const onKeyDown = (event: KeyboardEvent) => onKey(event, latest.current);
    addEventListener('keydown', onKeyDown);
    return () => removeEventListener('keydown', onKeyDown);
  }, []);
}

function onKey(event: KeyboardEvent, keys: Keys): void {
  const { route, taste, searchBox, chooser, onHelp, onThumb } = keys;
  const thumbed = taste.likes.length + taste.dislikes.length > 0;
  const actions: Record<string, () => unknown> = {
    '/': () => searchBox.current?.select(),
    '?': onHelp,
    o: () => chooser.current?.click(),
    r: () => thumbed && go({ view: 'taste', collection: route.collection, ...taste }),
    u: () => route.view === 'item' && onThumb('up'),
    d: () => route.view === 'item' && onThumb('down'),
    ArrowDown: enterGrid,
    ArrowRight: enterGrid,
    Escape: () => stepOut(route, searchBox.current),
  };
  // While a dialog is open the keys are its own; the document knows that sooner than the page's state does.
  if (document.querySelector('dialog[open]') || event.ctrlKey || event.metaKey || event.altKey) return;
  const inSearch = event.target === searchBox.current;
  if (isTyping(event.target) && !inSearch) return;
  const key = inSearch && event.key === 'Enter' ? 'ArrowDown' : event.key;
  if (inSearch && key !== 'ArrowDown' && key !== 'Escape') return;
  const action = Object.hasOwn(actions, key) ? actions[key] : undefined;
  if (!action) return;
  action();
  event.preventDefault();
}
