import { fromHash, type Route, toHash } from '../route-hash.js';
import { createStore } from './store.js';

export const route = createStore<Route>(fromHash(location.hash));

const scrolls = new Map<string, number>();
const visit = (): string => String((history.state as { visit?: number } | null)?.visit ?? 0);
let visits = Number(visit());
let leaving = visit();
/** Where the page stood when this visit was left, for going back; 0 for a new one. */
export const scrollOfVisit = (): number => scrolls.get(visit()) ?? 0;

/** Goes somewhere new, or (`replace`) changes the address of where we are. */
export function go(next: Route, options: { replace?: boolean } = {}): void {
  if (options.replace) history.replaceState(history.state, '', toHash(next));
  else {
    if (toHash(next) === location.hash) return;
    scrolls.set(visit(), scrollY);
    visits += 1;
    history.pushState({ visit: visits }, '', toHash(next));
    leaving = visit();
  }
  route.set(next);
}

history.scrollRestoration = 'manual';
addEventListener('popstate', () => {
  scrolls.set(leaving, scrollY);
  leaving = visit();
  route.set(fromHash(location.hash));
});
