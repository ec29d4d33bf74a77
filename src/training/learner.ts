import type { Block } from '../encoder/block.js';
import { type ParameterLayout, parameterLayout, statisticsOf } from '../encoder/parameter-layout.js';
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
}

export function learner(encoder: Block, method: Method, pixels: PixelStatistics): Learner {
  return {
    encoder,
    method,
    pixels,
    layout: parameterLayout([...encoder.parameters, ...method.parameters]),
    encoderLayout: parameterLayout(encoder.parameters),
    statisticsLayout: parameterLayout(statisticsOf([...encoder.normalisations, ...method.normalisations])),
    encoderStatisticsLayout: parameterLayout(statisticsOf(encoder.normalisations)),
  };
}
