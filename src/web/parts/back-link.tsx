import { catalogueOf, toHash } from '../route-hash.js';
import { go } from '../state/route.js';
import { Icon } from './icon.js';

/** Back to the whole catalogue. */
export function BackLink({ collection }: { readonly collection: string }) {
  const home = catalogueOf(collection);
  return (
    <a
      class="back"
      href={toHash(home)}
      data-above-grid
      onClick={(event) => {
        if (event.ctrlKey || event.metaKey || event.shiftKey) return;
        event.preventDefault();
        go(home);
      }}
    >
      <Icon name="back" /> All pictures
    </a>
  );
}
