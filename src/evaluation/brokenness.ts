import type { ProbeScore } from './probes.js';

/** Set low on purpose: label-free scores tell collapse and clearly worse, and no more. */
export const SOUND = {
  /** Dimensions in use. A sound encoder uses dozens; a collapsed one about 1. */
  effectiveRank: 3,
  /** Of the deviation that evenly spread unit rows would have, 1/√dimension. */
  deviation: 0.1,
  /** Share of probe views found, and how many times chance. */
  recall: 0.05,
  timesChance: 4,
} as const;

/** What is wrong with an encoder on its own, if anything. NaN fails every comparison and so is wrong too. */
export function brokenness(score: ProbeScore): string | undefined {
  const { effectiveRank, dimension } = score;
  const rankFloor = Math.min(SOUND.effectiveRank, dimension / 2);
  if (!(effectiveRank >= rankFloor))
    return `it has collapsed: about ${effectiveRank.toFixed(1)} of ${dimension} dimensions are in use`;
  const spread = score.deviation * Math.sqrt(dimension);
  if (!(spread >= SOUND.deviation))
    return `it has collapsed: its vectors deviate ${percent(spread)} as much as evenly spread ones`;
  const chance = 1 / (2 * score.hits.length - 1);
  if (!(score.recall >= Math.max(SOUND.recall, SOUND.timesChance * chance)))
    return `it finds ${percent(score.recall)} of the probe views, hardly more than chance`;
  return undefined;
}

const percent = (share: number): string => `${(100 * share).toFixed(1)}%`;
