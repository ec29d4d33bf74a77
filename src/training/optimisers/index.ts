import { define } from '../../encoder/define.js';
import { AdamwOptions, adamw } from './adamw.js';
import { SgdOptions, sgd } from './sgd.js';

/** Every optimiser that can be asked for. Adding one: its file, its test, and its line here. */
export const OPTIMISERS = {
  adamw: define(AdamwOptions, adamw),
  sgd: define(SgdOptions, sgd),
};

export type OptimiserName = keyof typeof OPTIMISERS;
export const OPTIMISER_NAMES = Object.keys(OPTIMISERS) as [OptimiserName, ...OptimiserName[]];
