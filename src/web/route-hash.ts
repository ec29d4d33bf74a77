/** What the page shows, all of it in the address, so that back, forward and links work. */
export type Route =
  | { readonly view: 'catalogue'; readonly collection: string; readonly words: string; readonly facet: string }
  | { readonly view: 'item'; readonly collection: string; readonly itemId: string }
  | {
      readonly view: 'picture';
      readonly collection: string;
      readonly picture: string;
      /** The part of it that is searched, as `box.ts` writes it; nothing for all of it. */
      readonly part: string;
    }
  | {
      readonly view: 'taste';
      readonly collection: string;
      readonly likes: readonly string[];
      readonly dislikes: readonly string[];
    };

export const catalogueOf = (collection: string): Route => ({ view: 'catalogue', collection, words: '', facet: '' });

/** The address of a route, from `#` on. */
export function toHash(route: Route): string {
  const base = `#/${encodeURIComponent(route.collection)}`;
  const query = new URLSearchParams();
  if (route.view === 'item') return `${base}/item/${encodeURIComponent(route.itemId)}`;
  if (route.view === 'picture') {
    if (route.part) query.set('part', route.part);
    const place = `${base}/picture/${encodeURIComponent(route.picture)}`;
    return query.size > 0 ? `${place}?${query}` : place;
  }
  if (route.view === 'taste') {
    for (const itemId of route.likes) query.append('like', itemId);
    for (const itemId of route.dislikes) query.append('not', itemId);
    return `${base}/taste?${query}`;
  }
  if (route.words) query.set('q', route.words);
  if (route.facet) query.set('in', route.facet);
  return query.size > 0 ? `${base}?${query}` : base;
}

const decoded = (text: string): string => {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
};

/** Reads an address; whatever can't be read is the catalogue. */
export function fromHash(hash: string): Route {
  const [path = '', search = ''] = hash.replace(/^#\/?/, '').split(/\?(.*)/s);
  const [collection = '', view, id] = path.split('/').map(decoded);
  const query = new URLSearchParams(search);
  const home = collection || 'default';
  if (view === 'item' && id) return { view, collection: home, itemId: id };
  if (view === 'picture' && id) return { view, collection: home, picture: id, part: query.get('part') ?? '' };
  if (view === 'taste') return { view, collection: home, likes: query.getAll('like'), dislikes: query.getAll('not') };
  return { view: 'catalogue', collection: home, words: query.get('q') ?? '', facet: query.get('in') ?? '' };
}
