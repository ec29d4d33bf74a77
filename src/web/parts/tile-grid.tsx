import { useLayoutEffect, useRef, useState } from 'preact/hooks';
import type { Hit } from '../api.js';
import { titleOf } from '../item-text.js';
import { useColumns } from '../state/use-columns.js';
import { thumb } from './thumbs.js';
import { Tile } from './tile.js';

interface TileGridProps {
  readonly collection: string;
  readonly label: string;
  readonly hits: readonly Hit[];
  /** Names this grid among those of the page, so that coming back finds the cell that was left. */
  readonly memory: string;
  /** Whether tiles say how sure it is that theirs is the same picture. */
  readonly sure?: boolean;
  readonly because?: (hit: Hit) => string | undefined;
  readonly onOpen: (hit: Hit) => void;
  /** Shows why a hit with a picture is here; absent where there is nothing that it could be like. */
  readonly onWhy?: (hit: Hit) => void;
}

const NAME_HEIGHT = 36;
const LIKENESS_HEIGHT = 20;
const SURE_HEIGHT = 18;
const BECAUSE_HEIGHT = 18;
/** The cell that was active in each grid, by item id. */
const remembered = new Map<string, string>();

/** Where a key moves to from cell `at` of `count`, in rows of `columns`; undefined for other keys. */
export function moved(key: string, at: number, count: number, columns: number): number | undefined {
  const page = columns * 4;
  const steps: Record<string, number> = {
    ArrowRight: 1,
    ArrowLeft: -1,
    ArrowDown: columns,
    ArrowUp: -columns,
    PageDown: page,
    PageUp: -page,
    Home: -count,
    End: count,
  };
  const step = steps[key];
  if (step === undefined) return undefined;
  const target = at + step;
  if (target >= 0 && target < count) return target;
  if (key === 'ArrowUp') return -1;
  return key === 'ArrowDown' && Math.floor(at / columns) === Math.floor((count - 1) / columns)
    ? at
    : Math.max(0, Math.min(count - 1, target));
}

/** A grid of pictures that draws only the rows in sight, however many there are, and is walked with the arrow keys. */
export function TileGrid({ collection, label, hits, memory, sure = false, because, onOpen, onWhy }: TileGridProps) {
  const element = useRef<HTMLDivElement>(null);
  const [activeId, setActiveId] = useState(() => remembered.get(memory));
  const focusNext = useRef(false);
  const alike = hits.some(({ similarity }) => similarity !== undefined);
  const captionHeight =
    NAME_HEIGHT + (alike ? LIKENESS_HEIGHT : 0) + (sure ? SURE_HEIGHT : 0) + (because ? BECAUSE_HEIGHT : 0);
  const { columns, rowHeight, first, last } = useColumns(element, {
    captionHeight,
    rows: (perRow) => Math.ceil(hits.length / perRow),
  });
  const indexOf = (id: string | undefined) =>
    Math.max(0, id === undefined ? 0 : hits.findIndex(({ itemId }) => itemId === id));
  const active = indexOf(activeId);
  const activeRow = Math.floor(active / columns);

  const activate = (index: number) => {
    const itemId = hits[index]?.itemId;
    if (itemId === undefined) return;
    remembered.set(memory, itemId);
    setActiveId(itemId);
  };
  useLayoutEffect(() => {
    if (!focusNext.current) return;
    focusNext.current = false;
    const cell = element.current?.querySelector<HTMLElement>('[role=gridcell][tabindex="0"]');
    cell?.focus({ preventScroll: true });
    cell?.scrollIntoView({ block: 'nearest' });
  });

  const onKeyDown = (event: KeyboardEvent) => {
    // Keys may come faster than the page draws: what counts is the cell they have reached, not the one last drawn.
    const at = indexOf(remembered.get(memory) ?? activeId);
    const hit = hits[at];
    if (!hit || event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.target instanceof HTMLButtonElement) return;
    const target = moved(event.key, at, hits.length, columns);
    if (target === -1) document.querySelector<HTMLElement>('[data-above-grid]')?.focus();
    else if (target !== undefined) {
      focusNext.current = true;
      activate(target);
      // The same cell again renders nothing, so focus is asked for here as well.
      if (target === active) focusNext.current = false;
    } else if (event.key === 'Enter' || event.key === ' ') onOpen(hit);
    else if (event.key === 'u') thumb(collection, { itemId: hit.itemId, title: titleOf(hit) }, 'up');
    else if (event.key === 'd') thumb(collection, { itemId: hit.itemId, title: titleOf(hit) }, 'down');
    else if (event.key === 'w' && onWhy && hit.imageUrl) onWhy(hit);
    else return;
    event.preventDefault();
    event.stopPropagation();
  };

  const rows = Math.ceil(hits.length / columns);
  const drawn = Array.from({ length: Math.max(0, last - first + 1) }, (_, i) => first + i).filter((row) => row < rows);
  // The row with the focus stays, or scrolling by wheel would drop it.
  if (activeRow < rows && !drawn.includes(activeRow)) drawn.push(activeRow);
  return (
    // biome-ignore lint/a11y/useSemanticElements: a table can't draw only the rows in sight
    <div
      role="grid"
      class="grid"
      ref={element}
      aria-label={label}
      aria-rowcount={rows}
      aria-colcount={columns}
      style={{ blockSize: `${rows * rowHeight}px` }}
      onKeyDown={onKeyDown}
    >
      {drawn.map((row) => (
        // biome-ignore lint/a11y/useFocusableInteractive: a row of a grid is no stop of its own
        // biome-ignore lint/a11y/useSemanticElements: see the grid
        <div
          role="row"
          class="row"
          key={row}
          aria-rowindex={row + 1}
          style={{ transform: `translateY(${row * rowHeight}px)`, gridTemplateColumns: `repeat(${columns}, 1fr)` }}
        >
          {hits.slice(row * columns, (row + 1) * columns).map((hit, column) => (
            <Tile
              key={hit.itemId}
              collection={collection}
              hit={hit}
              sure={sure ? hit.confidence : undefined}
              because={because?.(hit)}
              column={column}
              active={row * columns + column === active}
              onOpen={() => onOpen(hit)}
              {...(onWhy && hit.imageUrl ? { onWhy: () => onWhy(hit) } : {})}
              onFocus={() => activate(row * columns + column)}
            />
          ))}
        </div>
      ))}
    </div>
  );
}
