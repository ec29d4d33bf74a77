import { useState } from 'preact/hooks';
import { type Shown, thumbnail } from '../api.js';
import { titleOf } from '../item-text.js';

const HUES = 12;
const hueOf = (text: string): number => [...text].reduce((sum, letter) => (sum * 31 + letter.charCodeAt(0)) % HUES, 7);

/** The picture of an item; its initials on a quiet colour where it has none, or none that can be drawn. */
export function ItemPicture({ item, size = 256 }: { readonly item: Shown; readonly size?: 256 | 512 }) {
  const [broken, setBroken] = useState<string>();
  const title = titleOf(item);
  if (!item.imageUrl || broken === item.imageUrl)
    return (
      <span class={`initials hue-${hueOf(item.itemId)}`} aria-hidden="true">
        {[...title].slice(0, 2).join('')}
      </span>
    );
  const address = item.imageUrl;
  return (
    <img
      src={thumbnail(address, size)}
      alt=""
      loading="lazy"
      decoding="async"
      draggable={false}
      onError={() => setBroken(address)}
    />
  );
}
