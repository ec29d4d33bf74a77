import { createStore } from './store.js';

/** What was given a thumb, oldest first, by collection. Kept for this tab. */
export interface Taste {
  readonly likes: readonly string[];
  readonly dislikes: readonly string[];
}
export type Thumb = 'up' | 'down';

const NOTHING: Taste = { likes: [], dislikes: [] };
const STORED = 'kindred.taste';

function stored(): Readonly<Record<string, Taste>> {
  try {
    return JSON.parse(sessionStorage.getItem(STORED) ?? '{}') as Record<string, Taste>;
  } catch {
    return {};
  }
}

export const tastes = createStore(stored());
tastes.watch(() => sessionStorage.setItem(STORED, JSON.stringify(tastes.get())));

export const tasteOf = (all: Readonly<Record<string, Taste>>, collection: string): Taste => all[collection] ?? NOTHING;

export function setTaste(collection: string, taste: Taste): void {
  tastes.set({ ...tastes.get(), [collection]: taste });
}

export function thumbOf({ likes, dislikes }: Taste, itemId: string): Thumb | undefined {
  if (likes.includes(itemId)) return 'up';
  return dislikes.includes(itemId) ? 'down' : undefined;
}

/** A thumb given twice is taken back; the other one replaces it. */
export function giveThumb(collection: string, itemId: string, thumb: Thumb): Thumb | undefined {
  const { likes, dislikes } = tasteOf(tastes.get(), collection);
  const had = thumbOf({ likes, dislikes }, itemId);
  const others = (ids: readonly string[]) => ids.filter((id) => id !== itemId);
  const given = had === thumb ? undefined : thumb;
  setTaste(collection, {
    likes: given === 'up' ? [...others(likes), itemId] : others(likes),
    dislikes: given === 'down' ? [...others(dislikes), itemId] : others(dislikes),
  });
  return given;
}

export const clearTaste = (collection: string): void => setTaste(collection, NOTHING);
