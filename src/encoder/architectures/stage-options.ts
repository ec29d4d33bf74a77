import { z } from 'zod';

/** What every network has that is made of stages, each with half the side of the one before. */
export const StageOptions = z.strictObject({
  stages: z
    .array(z.int().min(8).max(2048))
    .min(1)
    .max(6)
    .default([32, 64, 128])
    .describe('Channels of each stage; each has half the side of the one before.'),
  width: z.number().min(0.25).max(8).default(1).describe('Multiplies the channels of every stage.'),
  fold: z.literal([1, 2, 4]).default(2).describe('Side of the squares of pixels that are folded into channels.'),
  pool: z.int().min(1).max(4).default(2).describe('Side of the map that the last one is averaged to.'),
  readout: z
    .int()
    .min(1)
    .max(6)
    .default(3)
    .describe('Last stages whose maps embeddings are made from; the projection head learns on the last one alone.'),
});

export type StageOptions = z.output<typeof StageOptions>;

/** Of these, what is made of the maps: it has no parameters, so a network may be read another way than it has learnt. */
export const READING: readonly string[] = ['pool', 'readout'] satisfies (keyof StageOptions)[];

/** Channels of a stage at a width: a multiple of 8. */
export const stageChannels = (base: number, width: number): number => Math.max(8, Math.round((base * width) / 8) * 8);
