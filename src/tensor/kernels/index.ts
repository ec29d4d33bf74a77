import { ELEMENTWISE } from './elementwise.js';
import type { KernelTable } from './kernel.js';
import { REDUCTIONS } from './reductions.js';
import { SHAPES } from './shapes.js';

const MATRICES: KernelTable = {
  BatchMatMul: (b, [x, y], attributes) =>
    b.matmul(x!, y!, attributes.flag('transposeA'), attributes.flag('transposeB')),
};

/** Every TensorFlow.js kernel that can be traced. Adding one: its line here, and a row in the table of its test. */
export const KERNELS: KernelTable = { ...ELEMENTWISE, ...REDUCTIONS, ...SHAPES, ...MATRICES };
