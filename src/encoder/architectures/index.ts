import { define } from '../define.js';
import { ConvolutionalOptions, convolutional } from './convolutional.js';
import { DepthwiseOptions, depthwise } from './depthwise.js';
import { ResidualOptions, residual } from './residual.js';
import { TransformerOptions, transformer } from './transformer.js';

const { shape } = ResidualOptions;
const stages = (...channels: number[]) => shape.stages.unwrap().default(channels);

/** Every network that can be asked for. Adding one: its file, its test, and its line here. */
export const ARCHITECTURES = {
  residual: define(ResidualOptions, residual),
  'residual-small': define(ResidualOptions.extend({ stages: stages(16, 32, 64) }), residual),
  'residual-large': define(ResidualOptions.extend({ stages: stages(64, 128, 256) }), residual),
  convolutional: define(ConvolutionalOptions, convolutional),
  depthwise: define(DepthwiseOptions, depthwise),
  transformer: define(TransformerOptions, transformer),
};

export type ArchitectureName = keyof typeof ARCHITECTURES;
export const ARCHITECTURE_NAMES = Object.keys(ARCHITECTURES) as [ArchitectureName, ...ArchitectureName[]];
