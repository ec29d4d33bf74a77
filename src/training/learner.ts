import type { Block } from '../encoder/block.js';
import { type ParameterLayout, parameterLayout, rateShares, statisticsOf } from '../encoder/parameter-layout.js';
import type { SavedTensor } from '../encoder/parameters-file.js';
import type { PixelStatistics } from '../encoder/pixel-statistics.js';
import type { Method } from './methods/method.js';

/** An encoder with the heads of a method: all that is learned together, and where each number of it lies. */
export interface Learner {
  readonly encoder: Block;
  readonly method: Method;
  /** The encoder's parameters first, so that they are a prefix of the flat vector. */
  readonly layout: ParameterLayout;
  readonly encoderLayout: ParameterLayout;
  readonly statisticsLayout: ParameterLayout;
  readonly encoderStatisticsLayout: ParameterLayout;
  readonly pixels: PixelStatistics;
  /** Share of the learning rate that each number gets; undefined where all get the whole. */
  readonly rates: Float32Array | undefined;
  readonly kept: Kept;
}

/** What of an encoder is not learned and yet part of it, kept as it came. */
export interface Kept {
  /** Of an imported network. */
  readonly graph?: Uint8Array | undefined;
  /** Of a frozen one. */
  readonly parameters?: Readonly<Record<string, SavedTensor>>;
  readonly statistics?: Readonly<Record<string, SavedTensor>>;
}

export interface LearnerOptions {
  /** Share of the learning rate at the layer next to the pictures; layers between lie between, evenly in the logarithm. */
  readonly firstLayerRate?: number | undefined;
  readonly kept?: Kept;
}

export function learner(
  encoder: Block,
  method: Method,
  pixels: PixelStatistics,
  { firstLayerRate = 1, kept = {} }: LearnerOptions = {},
): Learner {
  const layout = parameterLayout([...encoder.parameters, ...method.parameters]);
  return {
    encoder,
    method,
    pixels,
    layout,
    rates: firstLayerRate === 1 ? undefined : rateShares(layout, firstLayerRate),
    kept,
    encoderLayout: parameterLayout(encoder.parameters),
    statisticsLayout: parameterLayout(statisticsOf([...encoder.normalisations, ...method.normalisations])),
    encoderStatisticsLayout: parameterLayout(statisticsOf(encoder.normalisations)),
  };
}
