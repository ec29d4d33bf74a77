import { define } from '../../encoder/define.js';
import { BarlowTwinsOptions, barlowTwins } from './barlow-twins.js';
import { DclOptions, dcl } from './dcl.js';
import { MarginOptions, margin } from './margin.js';
import { NtXentOptions, ntXent } from './nt-xent.js';
import { TripletOptions, triplet } from './triplet.js';
import { VicregOptions, vicreg } from './vicreg.js';

/** Every loss over the projections of two views. Adding one: its file, its test, and its line here. */
export const LOSSES = {
  'nt-xent': define(NtXentOptions, ntXent),
  dcl: define(DclOptions, dcl),
  margin: define(MarginOptions, margin),
  triplet: define(TripletOptions, triplet),
  'barlow-twins': define(BarlowTwinsOptions, barlowTwins),
  vicreg: define(VicregOptions, vicreg),
};

export type LossName = keyof typeof LOSSES;
export const LOSS_NAMES = Object.keys(LOSSES) as [LossName, ...LossName[]];
