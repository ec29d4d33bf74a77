/** A part of a picture as a person sees it, upright: shares of its width and height, all in [0, 1]. */
export interface Region {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** Shares come from divisions: a box that ends at the edge may end a rounding behind it. */
const ROUNDING = 1e-6;

/** What is wrong with a region; undefined where it is a part of the picture that holds something. */
export function whyNoRegion({ x, y, width, height }: Region): string | undefined {
  const shares = [x, y, width, height];
  if (!shares.every((share) => share >= 0 && share <= 1)) return 'x, y, width and height are shares from 0 to 1';
  if (width === 0 || height === 0) return 'it is empty';
  if (x + width > 1 + ROUNDING || y + height > 1 + ROUNDING) return 'it reaches out of the picture';
  return undefined;
}

/** The pixels of a region in a picture of a size: whole ones, at least one each way. */
export function pixelsOf(
  { x, y, width, height }: Region,
  size: { readonly width: number; readonly height: number },
): { readonly left: number; readonly top: number; readonly width: number; readonly height: number } {
  const along = (start: number, length: number, side: number) => {
    const first = Math.min(side - 1, Math.round(start * side));
    return [first, Math.max(1, Math.min(side, Math.round((start + length) * side)) - first)] as const;
  };
  const [left, across] = along(x, width, size.width);
  const [top, down] = along(y, height, size.height);
  return { left, top, width: across, height: down };
}
