/** A box in a picture: shares of its width and height, from 0 to 1. */
export interface Box {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}
/** A place in a picture: shares of its sides, also outside of it. */
export interface Place {
  readonly x: number;
  readonly y: number;
}

/** Least share of a side; less is a click, and no box. */
const LEAST = 0.02;
/** Share that a key moves a side. */
const STEP = 0.04;
/** The box that somebody without a mouse begins with: the middle. */
export const MIDDLE: Box = { x: 0.25, y: 0.25, width: 0.5, height: 0.5 };

const rounded = (share: number): number => Math.round(share * 1000) / 1000;
const within = (share: number): number => Math.max(0, Math.min(1, share));

/** The box with two opposite corners; undefined where it is too small to mean anything. */
export function boxBetween(one: Place, other: Place): Box | undefined {
  const along = (a: number, b: number) => {
    const [start, end] = [a, b].map((share) => rounded(within(share))).sort((p, q) => p - q) as [number, number];
    return [start, rounded(end - start)] as const;
  };
  const [x, width] = along(one.x, other.x);
  const [y, height] = along(one.y, other.y);
  return width < LEAST || height < LEAST ? undefined : { x, y, width, height };
}

const WAYS: Readonly<Record<string, Place>> = {
  ArrowLeft: { x: -STEP, y: 0 },
  ArrowRight: { x: STEP, y: 0 },
  ArrowUp: { x: 0, y: -STEP },
  ArrowDown: { x: 0, y: STEP },
};

/** The box after an arrow key, moved or (`resize`) with its right or lower side moved; undefined for other keys. */
export function afterKey(box: Box, key: string, resize: boolean): Box | undefined {
  const way = Object.hasOwn(WAYS, key) ? WAYS[key] : undefined;
  if (!way) return undefined;
  const move = (start: number, length: number, step: number) => {
    if (resize) return [start, rounded(Math.max(LEAST, Math.min(1 - start, length + step)))] as const;
    return [rounded(Math.max(0, Math.min(1 - length, start + step))), length] as const;
  };
  const [x, width] = move(box.x, box.width, way.x);
  const [y, height] = move(box.y, box.height, way.y);
  return { x, y, width, height };
}

/** A box as an address has it, and nothing for none. */
export const boxText = (box: Box | undefined): string => (box ? [box.x, box.y, box.width, box.height].join(',') : '');

/** Reads that again; undefined where it is no box. */
export function boxOf(text: string): Box | undefined {
  const [x, y, width, height, ...more] = text.split(',').map((part) => (part === '' ? Number.NaN : Number(part)));
  const box = { x, y, width, height } as Box;
  const shares = [box.x, box.y, box.width, box.height];
  if (more.length > 0 || !shares.every((share) => share >= 0 && share <= 1)) return undefined;
  if (box.width < LEAST || box.height < LEAST) return undefined;
  return box.x + box.width > 1 + 1e-6 || box.y + box.height > 1 + 1e-6 ? undefined : box;
}
