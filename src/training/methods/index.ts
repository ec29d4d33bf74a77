import { define } from '../../encoder/define.js';
import { SimclrOptions, simclr } from './simclr.js';

/** Every method that can be asked for. Adding one: its file, its test, and its line here. */
export const METHODS = {
  simclr: define(SimclrOptions, simclr),
};

export type MethodName = keyof typeof METHODS;
export const METHOD_NAMES = Object.keys(METHODS) as [MethodName, ...MethodName[]];
