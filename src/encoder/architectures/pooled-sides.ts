/**
 * Sides of the map that the last one is averaged to: at most `pool`, and no more than the last map has, whose side is
 * that of the picture over `fold`, halved `halvings` times.
 */
export function pooledSides(
  sides: readonly [number, number],
  { fold, halvings, pool }: { readonly fold: number; readonly halvings: number; readonly pool: number },
): [number, number] {
  const last = (side: number): number => {
    let left = Math.ceil(side / fold);
    for (let i = 0; i < halvings; i++) left = Math.ceil(left / 2);
    return Math.min(pool, left);
  };
  return [last(sides[0]), last(sides[1])];
}
