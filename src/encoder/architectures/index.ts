import { define } from '../define.js';
import { ResidualOptions, residual } from './residual.js';

/** Every network that can be asked for. Adding one: its file, its test, and its line here. */
export const ARCHITECTURES = {
  residual: define(ResidualOptions, residual),
};

export type ArchitectureName = keyof typeof ARCHITECTURES;
export const ARCHITECTURE_NAMES = Object.keys(ARCHITECTURES) as [ArchitectureName, ...ArchitectureName[]];
