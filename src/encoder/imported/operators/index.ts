import type { OperatorTable } from '../operator.js';
import { ELEMENTWISE } from './elementwise.js';
import { LAYERS } from './layers.js';
import { NORMALISATIONS } from './normalisations.js';
import { POOLS } from './pools.js';
import { REDUCTIONS } from './reductions.js';
import { RESIZE } from './resize.js';
import { SHAPES } from './shapes.js';

/** Every ONNX operator that can be trained through. Adding one: its line here, and a row in the table of its test. */
export const OPERATORS: OperatorTable = {
  ...ELEMENTWISE,
  ...LAYERS,
  ...NORMALISATIONS,
  ...POOLS,
  ...REDUCTIONS,
  ...RESIZE,
  ...SHAPES,
};
