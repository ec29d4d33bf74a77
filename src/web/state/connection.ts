import { createStore } from './store.js';

/** `lost`: the server does not answer. `waking`: it answers that it is not ready. `key`: it wants a key. */
export type Connection =
  | { readonly kind: 'open' }
  | { readonly kind: 'lost' }
  | { readonly kind: 'waking'; readonly why: string }
  | { readonly kind: 'key'; readonly refused: boolean };

export const connection = createStore<Connection>({ kind: 'open' });
/** Grows whenever what failed before is worth asking again: the server is back, or there is a new key. */
export const epoch = createStore(0);

const KEY = 'kindred.key';
/** The key lives as long as this tab and nowhere else. */
export const readKey = (): string | null => sessionStorage.getItem(KEY);
export function useKey(key: string): void {
  if (key) sessionStorage.setItem(KEY, key);
  else sessionStorage.removeItem(KEY);
  reopen();
}

/** Ask again for everything that failed. */
export function reopen(): void {
  connection.set({ kind: 'open' });
  epoch.set(epoch.get() + 1);
}

const RETRY_MS = 1_500;
let waiting: ReturnType<typeof setTimeout> | undefined;

/** Asks until the server is ready, then reopens. Called once however many requests failed together. */
export function waitUntilReady(state: Connection): void {
  connection.set(state);
  if (waiting === undefined) waiting = setTimeout(() => void tryAgain(), RETRY_MS);
}

async function tryAgain(): Promise<void> {
  waiting = undefined;
  try {
    const response = await fetch('/readyz', { cache: 'no-store' });
    if (response.ok) return reopen();
    const problem = (await response.json().catch(() => ({}))) as { detail?: string };
    waitUntilReady({ kind: 'waking', why: problem.detail ?? 'The server is starting.' });
  } catch {
    waitUntilReady({ kind: 'lost' });
  }
}
