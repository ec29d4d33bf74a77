import type { Hit } from '../api.js';
import { percent, sameness, titleOf } from '../item-text.js';
import { Icon } from './icon.js';
import { ItemPicture } from './item-picture.js';
import { Likeness } from './likeness.js';
import { Thumbs } from './thumbs.js';

interface TileProps {
  readonly collection: string;
  readonly hit: Hit;
  /** How sure it is that this is the same picture, from 0 to 1. */
  readonly sure: number | undefined;
  /** Why it is here, in a few words. */
  readonly because: string | undefined;
  readonly column: number;
  readonly active: boolean;
  readonly onOpen: () => void;
  readonly onWhy?: () => void;
  readonly onFocus: () => void;
}

/** One cell of the grid: a picture, its name, how close it is, and two thumbs. */
export function Tile({ collection, hit, sure, because, column, active, onOpen, onWhy, onFocus }: TileProps) {
  const title = titleOf(hit);
  const alike = hit.similarity === undefined ? '' : `, ${percent(hit.similarity)} alike`;
  const same = sure === undefined ? '' : `, ${sameness(sure)}`;
  return (
    // biome-ignore lint/a11y/useSemanticElements: see the grid around it
    // biome-ignore lint/a11y/useKeyWithClickEvents: the grid around it listens to the keys of all its cells
    <div
      role="gridcell"
      class="tile"
      aria-colindex={column + 1}
      aria-label={`${title}${alike}${same}${because ? `, ${because}` : ''}`}
      aria-keyshortcuts={onWhy ? 'Enter u d w' : 'Enter u d'}
      tabIndex={active ? 0 : -1}
      data-item={hit.itemId}
      onClick={onOpen}
      onFocus={onFocus}
    >
      <span class="frame">
        <ItemPicture item={hit} />
        <Thumbs collection={collection} itemId={hit.itemId} title={title} inGrid />
        {onWhy ? (
          <button
            type="button"
            class="thumb why-button"
            aria-label={`Where it is alike: ${title}`}
            title="Where it is alike (w)"
            tabIndex={-1}
            onClick={(event) => {
              event.stopPropagation();
              onWhy();
            }}
          >
            <Icon name="help" />
          </button>
        ) : null}
      </span>
      <span class="caption">
        <span class="name">{title}</span>
        {hit.similarity === undefined ? null : <Likeness similarity={hit.similarity} />}
        {sure === undefined ? null : (
          <span class="sure" title={`Confidence ${sure.toFixed(4)}`}>
            {sameness(sure)}
          </span>
        )}
        {because ? <span class="because">{because}</span> : null}
      </span>
    </div>
  );
}
