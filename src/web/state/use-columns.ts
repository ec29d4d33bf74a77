import type { RefObject } from 'preact';
import { useLayoutEffect, useState } from 'preact/hooks';

export interface Columns {
  readonly columns: number;
  /** Pixels from one row to the next. */
  readonly rowHeight: number;
  /** First and last row in sight, with some to spare. */
  readonly first: number;
  readonly last: number;
}

/** Rows drawn beyond either edge of the window. */
const SPARE = 3;
const PHONE = 640;

/** The captions' height in pixels: name, then the bar, then the reason. */
export interface GridShape {
  readonly captionHeight: number;
  readonly rows: (columns: number) => number;
}

const shapeFor = (width: number) =>
  width < PHONE ? { narrowest: 98, gap: 10, columnsAtLeast: 2 } : { narrowest: 148, gap: 18, columnsAtLeast: 3 };

/** How many columns fit into an element, and which of its rows the window shows; follows scrolling and resizing. */
export function useColumns(element: RefObject<HTMLElement>, { captionHeight, rows }: GridShape): Columns {
  const measure = (): Columns => {
    const width = element.current?.clientWidth ?? Math.min(innerWidth, 1280);
    const top = element.current?.getBoundingClientRect().top ?? 0;
    const { narrowest, gap, columnsAtLeast } = shapeFor(innerWidth);
    const columns = Math.max(columnsAtLeast, Math.floor((width + gap) / (narrowest + gap)));
    const rowHeight = (width - gap * (columns - 1)) / columns + captionHeight + gap;
    const lastRow = Math.max(0, rows(columns) - 1);
    return {
      columns,
      rowHeight,
      first: Math.min(lastRow, Math.max(0, Math.floor(-top / rowHeight) - SPARE)),
      last: Math.min(lastRow, Math.max(0, Math.ceil((innerHeight - top) / rowHeight) + SPARE)),
    };
  };
  const [held, setHeld] = useState(measure);
  const equal = (a: Columns, b: Columns) =>
    a.columns === b.columns && a.rowHeight === b.rowHeight && a.first === b.first && a.last === b.last;

  // Runs after each render too: what stands above the grid may have grown.
  useLayoutEffect(() => {
    const update = () => setHeld((before) => (equal(before, measure()) ? before : measure()));
    update();
    addEventListener('scroll', update, { passive: true });
    addEventListener('resize', update);
    const observer = new ResizeObserver(update);
    if (element.current) observer.observe(element.current);
    return () => {
      removeEventListener('scroll', update);
      removeEventListener('resize', update);
      observer.disconnect();
    };
  });
  return held;
}
