import { define } from '../../encoder/define.js';
import { ByolOptions, byol } from './byol.js';
import { DenseClOptions, denseCl } from './dense-cl.js';
import { MocoOptions, moco } from './moco.js';
import { NnclrOptions, nnclr } from './nnclr.js';
import { SimclrOptions, simclr } from './simclr.js';
import { SimsiamOptions, simsiam } from './simsiam.js';

/** Every method that can be asked for. Adding one: its file, its test, and its line here. */
export const METHODS = {
  simclr: define(SimclrOptions, simclr),
  moco: define(MocoOptions, moco),
  'dense-cl': define(DenseClOptions, denseCl),
  byol: define(ByolOptions, byol),
  simsiam: define(SimsiamOptions, simsiam),
  nnclr: define(NnclrOptions, nnclr),
};

export type MethodName = keyof typeof METHODS;
export const METHOD_NAMES = Object.keys(METHODS) as [MethodName, ...MethodName[]];
