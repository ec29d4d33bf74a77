import type { Scored } from './score.js';

export interface Arranging {
  /** How many hits are wanted, those of earlier pages included. */
  readonly wanted: number;
  /** Whether the line is all there is. */
  readonly exhausted: boolean;
}

export interface Arranged {
  readonly shown: readonly Scored[];
  /** Whether candidates beyond the line might have had a say: it must be asked for again, longer. */
  readonly short: boolean;
}

/** The last stage: what is shown, in order. */
export function arrange(line: readonly Scored[], { wanted, exhausted }: Arranging): Arranged {
  return { shown: line.slice(0, wanted), short: line.length < wanted && !exhausted };
}
