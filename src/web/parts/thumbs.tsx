import { announce } from '../state/announcement.js';
import { useStore } from '../state/store.js';
import { giveThumb, type Thumb, tasteOf, tastes, thumbOf } from '../state/taste.js';
import { Icon } from './icon.js';

const SAYS = { up: 'More like this', down: 'Not like this' } as const;

/** Gives a thumb and says so to those who can't see it. */
export function thumb(collection: string, item: { itemId: string; title: string }, which: Thumb): void {
  const given = giveThumb(collection, item.itemId, which);
  announce(`${item.title}: ${given ? SAYS[given].toLowerCase() : 'taken back'}`);
}

interface ThumbsProps {
  readonly collection: string;
  readonly itemId: string;
  readonly title: string;
  /** Inside a grid the cell has the focus, and u and d are its keys. */
  readonly inGrid?: boolean;
}

export function Thumbs({ collection, itemId, title, inGrid = false }: ThumbsProps) {
  const given = thumbOf(tasteOf(useStore(tastes), collection), itemId);
  return (
    <span class="thumbs" data-given={given}>
      {(['up', 'down'] as const).map((which) => (
        <button
          key={which}
          type="button"
          class={`thumb thumb-${which}`}
          aria-label={`${SAYS[which]}: ${title}`}
          aria-pressed={given === which}
          title={`${SAYS[which]} (${which === 'up' ? 'u' : 'd'})`}
          tabIndex={inGrid ? -1 : 0}
          onClick={(event) => {
            event.stopPropagation();
            thumb(collection, { itemId, title }, which);
          }}
        >
          <Icon name={which} />
          {inGrid ? null : <span>{SAYS[which]}</span>}
        </button>
      ))}
    </span>
  );
}
