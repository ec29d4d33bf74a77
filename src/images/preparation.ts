import { z } from 'zod';

/** Largest side of a sample, in pixels. */
export const LARGEST_SIDE = 512;

/** How an original becomes a sample: kept in every model's manifest, and the same in training and serving. */
export const Preparation = z.strictObject({
  /** Width and height of the square sample, in pixels. */
  size: z.number().int().min(8).max(LARGEST_SIDE).default(48),
  /** 3: RGB in sRGB; 1: grey. */
  channels: z.union([z.literal(1), z.literal(3)]).default(3),
  /** What transparent pixels are laid on, and what fills the square around a picture that is not square. */
  background: z
    .tuple([z.int().min(0).max(255), z.int().min(0).max(255), z.int().min(0).max(255)])
    .default([255, 255, 255]),
  /** `contain` keeps the whole picture within the square, `cover` fills the square and cuts the long side. */
  fit: z.enum(['contain', 'cover']).default('contain'),
});
export type Preparation = z.output<typeof Preparation>;
