import type { Shown } from '../api.js';
import { plural, titleOf } from '../item-text.js';
import { announce } from '../state/announcement.js';
import type { Catalogue } from '../state/catalogue.js';
import { go } from '../state/route.js';
import { clearTaste, type Taste } from '../state/taste.js';
import { Icon } from './icon.js';
import { ItemPicture } from './item-picture.js';

interface TrayProps {
  readonly collection: string;
  readonly taste: Taste;
  readonly catalogue: Catalogue;
}

/** Pictures shown in the tray; the rest is a number. */
const MOST_SHOWN = 6;

function Heap({ kind, items }: { readonly kind: 'up' | 'down'; readonly items: readonly Shown[] }) {
  if (items.length === 0) return null;
  const label = kind === 'up' ? 'More like' : 'Not like';
  return (
    <span class={`heap heap-${kind}`}>
      <Icon name={kind} />
      <span class="visually-hidden">
        {label} {items.map(titleOf).join(', ')}
      </span>
      {items.slice(-MOST_SHOWN).map((item) => (
        <span class="heap-picture" key={item.itemId} title={titleOf(item)}>
          <ItemPicture item={item} />
        </span>
      ))}
      {items.length > MOST_SHOWN ? <span class="heap-rest">+{items.length - MOST_SHOWN}</span> : null}
    </span>
  );
}

/** What has been given a thumb so far, and the way to what follows from it. */
export function Tray({ collection, taste: { likes, dislikes }, catalogue }: TrayProps) {
  const itemOf = (itemId: string): Shown => catalogue.byId.get(itemId) ?? { itemId };
  const total = likes.length + dislikes.length;
  return (
    <section class="tray" aria-label={`Your thumbs: ${plural(total, 'picture', 'pictures')}`}>
      <div class="heaps">
        <Heap kind="up" items={likes.map(itemOf)} />
        <Heap kind="down" items={dislikes.map(itemOf)} />
      </div>
      <button
        type="button"
        class="button button-quiet"
        onClick={() => {
          clearTaste(collection);
          announce('All thumbs taken back');
        }}
      >
        <span class="clear-word">Clear</span>
        <span class="clear-icon">
          <Icon name="close" />
        </span>
      </button>
      <button type="button" class="button" onClick={() => go({ view: 'taste', collection, likes, dislikes })}>
        Recommend <Icon name="arrow" />
      </button>
    </section>
  );
}
