import { define } from '../../encoder/define.js';
import { NtXentOptions, ntXent } from './nt-xent.js';

/** Every loss that can be asked for. Adding one: its file, its test, and its line here. */
export const LOSSES = {
  'nt-xent': define(NtXentOptions, ntXent),
};

export type LossName = keyof typeof LOSSES;
export const LOSS_NAMES = Object.keys(LOSSES) as [LossName, ...LossName[]];
