import { useEffect, useRef, useState } from 'preact/hooks';
import { afterKey, type Box, boxBetween, boxText, MIDDLE, type Place } from '../box.js';

interface BoxedPictureProps {
  readonly preview: string;
  readonly name: string;
  readonly box: Box | undefined;
  readonly onBox: (box: Box | undefined) => void;
}

const percent = (share: number): string => `${Math.round(share * 100)}%`;
const described = ({ x, y, width, height }: Box): string =>
  `${percent(width)} by ${percent(height)} of the picture, ${percent(x)} from the left, ${percent(y)} from the top`;

/** A picture on which a box can be dragged, or moved about with the keys: what is in it is searched. */
export function BoxedPicture({ preview, name, box, onBox }: BoxedPictureProps) {
  const [size, setSize] = useState({ width: 0, height: 0 });
  /** While the pointer or a key is down; null where the pointer has drawn nothing yet. */
  const [drawn, setDrawn] = useState<Box | null>();
  const field = useRef<SVGSVGElement>(null);
  const frame = useRef<SVGRectElement>(null);
  const toggle = useRef<HTMLButtonElement>(null);
  const from = useRef<Place>();
  const focusFrame = useRef(false);
  const shown = drawn === undefined ? box : (drawn ?? undefined);

  // The frame is there only once the box is.
  useEffect(() => {
    if (!focusFrame.current || !box) return;
    focusFrame.current = false;
    frame.current?.focus();
  }, [box]);

  /** Shares of the picture, whose sides the field's own units are. */
  const placeOf = (event: PointerEvent): Place => {
    const { x, y } = new DOMPoint(event.clientX, event.clientY).matrixTransform(
      field.current?.getScreenCTM()?.inverse(),
    );
    return { x: x / size.width, y: y / size.height };
  };
  const draw = (event: PointerEvent) => {
    if (from.current) setDrawn(boxBetween(from.current, placeOf(event)) ?? null);
  };
  const settle = (next: Box | undefined) => {
    from.current = undefined;
    setDrawn(undefined);
    if (boxText(next) !== boxText(box)) onBox(next);
  };
  const clear = () => {
    settle(undefined);
    toggle.current?.focus();
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (!shown || event.ctrlKey || event.metaKey || event.altKey) return;
    const next = afterKey(shown, event.key, event.shiftKey);
    const clears = ['Delete', 'Backspace', 'Escape'].includes(event.key);
    if (!next && !clears) return;
    event.preventDefault();
    event.stopPropagation(); // the page has other uses for these keys
    if (next) setDrawn(next);
    else clear();
  };

  return (
    <>
      <div class="hero hero-brought">
        <img
          src={preview}
          alt={`Searched: ${name}`}
          onLoad={({ currentTarget: { naturalWidth: width, naturalHeight: height } }) => setSize({ width, height })}
        />
        {size.width > 0 ? (
          <svg
            ref={field}
            class="box-field"
            viewBox={`0 0 ${size.width} ${size.height}`}
            aria-label="Where a box can be dragged"
            onPointerDown={(event) => {
              if (event.button !== 0) return;
              event.preventDefault();
              event.currentTarget.setPointerCapture(event.pointerId);
              from.current = placeOf(event);
            }}
            onPointerMove={draw}
            onPointerUp={(event) => {
              if (!from.current) return;
              settle(boxBetween(from.current, placeOf(event)) ?? box);
            }}
            onPointerCancel={() => settle(box)}
          >
            {shown ? (
              <>
                <path class="box-shade" fill-rule="evenodd" d={shade(size, shown)} />
                {/* biome-ignore lint/a11y/noInteractiveElementToNoninteractiveRole: a screen reader must let its keys through */}
                <rect
                  ref={frame}
                  class="box-frame"
                  {...inUnits(size, shown)}
                  tabIndex={0}
                  role="application"
                  aria-label={`What is searched: ${described(shown)}. Arrow keys move it, with Shift they size it, Delete takes it away.`}
                  onKeyDown={onKeyDown}
                  onKeyUp={() => drawn && settle(drawn)}
                  onBlur={() => drawn && !from.current && settle(drawn)}
                />
              </>
            ) : null}
          </svg>
        ) : null}
      </div>
      {size.width > 0 ? (
        <button
          ref={toggle}
          type="button"
          class="button button-picture box-toggle"
          onClick={() => {
            if (box) return settle(undefined);
            focusFrame.current = true;
            onBox(MIDDLE);
          }}
        >
          {box ? 'Search by the whole picture' : 'Search by a part'}
        </button>
      ) : null}
    </>
  );
}

type Size = Pick<Box, 'width' | 'height'>;

const inUnits = (size: Size, { x, y, width, height }: Box): Box => ({
  x: x * size.width,
  y: y * size.height,
  width: width * size.width,
  height: height * size.height,
});

/** The picture without the box. */
function shade(size: Size, box: Box): string {
  const { x, y, width, height } = inUnits(size, box);
  return `M0 0H${size.width}V${size.height}H0ZM${x} ${y}h${width}v${height}h${-width}Z`;
}
