import type { Random } from '../../core/random.js';
import type { Histories } from '../../recommend/behaviour/histories.js';

/** Pairs of a state and an action: the action at a position of somebody's row, the state all of the row before it. */
export interface Pairs {
  readonly positions: Uint32Array;
  readonly people: Uint32Array;
}

/** Of all pairs, those that are held back to judge by; and no more than so many. */
const HELD_BACK = 0.02;
const MOST_HELD_BACK = 256;

/** Every action of interest that something came before. */
export function pairsOf({ people, starts, weightAt }: Histories): Pairs {
  const [positions, whose]: [number[], number[]] = [[], []];
  for (let p = 0; p < people; p++) {
    for (let at = starts[p]! + 1; at < starts[p + 1]!; at++) {
      if (weightAt[at]! <= 0) continue;
      positions.push(at);
      whose.push(p);
    }
  }
  return { positions: Uint32Array.from(positions), people: Uint32Array.from(whose) };
}

/** A few pairs, drawn by chance, apart from the rest. */
export function holdBack(all: Pairs, random: Random): { readonly pairs: Pairs; readonly heldBack: Pairs } {
  const order = random.permutation(all.positions.length);
  const held = Math.min(MOST_HELD_BACK, Math.floor(order.length * HELD_BACK));
  const chosen = (which: Uint32Array): Pairs => ({
    positions: which.map((pair) => all.positions[pair]!),
    people: which.map((pair) => all.people[pair]!),
  });
  return { pairs: chosen(order.subarray(held).toSorted()), heldBack: chosen(order.subarray(0, held)) };
}

/** The entries of a pair's state, newest first (step 0), no more than `most`. */
export function forEachEntry(
  { starts, itemAt, weightAt }: Histories,
  { positions, people }: Pairs,
  pair: number,
  most: number,
  visit: (step: number, item: number, weight: number) => void,
): void {
  const at = positions[pair]!;
  const count = Math.min(most, at - starts[people[pair]!]!);
  for (let step = 0; step < count; step++) visit(step, itemAt[at - 1 - step]!, weightAt[at - 1 - step]!);
}
