import type { z } from 'zod';
import type { Random } from '../core/random.js';

/** Sizes of the planes a view works on: `[channels, height, width]`, channels 1 (grey) or 3 (RGB). */
export interface PlaneShape {
  readonly channels: number;
  readonly height: number;
  readonly width: number;
}

/**
 * One random change of a picture, in place: planes of `[channels, height, width]` numbers in [0, 1], which stay there.
 * A view draws as many random numbers whatever its strength and whatever it decides, so that turning one view up or
 * down leaves what the others do as it was.
 */
export type View = (planes: Float32Array, random: Random) => void;

/** A row of the table of views: the setting with its default, the setting that changes nothing, and the maker. */
export interface ViewRow<S extends z.ZodType> {
  readonly setting: S;
  readonly none: z.output<S>;
  create(setting: z.output<S>, shape: PlaneShape): View;
}

/** Checks a row's types; the row itself is as it was. */
export const defineView = <S extends z.ZodType>(row: ViewRow<S>): ViewRow<S> => row;

/** Rec. 601 luma of the primaries, as shares of one. */
export const LUMA = [0.299, 0.587, 0.114] as const;

// biome-ignore lint/complexity/useMathMinMax: in a loop over pixels, comparisons are faster than Math.min
export const clamp01 = (value: number): number => (value < 0 ? 0 : value > 1 ? 1 : value);
