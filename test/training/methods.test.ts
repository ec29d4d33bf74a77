import { METHOD_NAMES, type MethodName } from '../../src/training/methods/index.js';
import { methodContract } from '../contracts/method.contract.js';

const heads = { hidden: 16, projection: 8 };
/** The least of each, so that the suite is quick. */
const SMALL: Readonly<Record<MethodName, object>> = {
  simclr: heads,
  moco: { ...heads, queue: 100 },
  'dense-cl': { ...heads, queue: 100, grid: 3 },
  byol: heads,
  simsiam: heads,
  nnclr: { ...heads, queue: 100 },
};
const SPECIAL: { readonly [name in MethodName]?: Parameters<typeof methodContract>[2] } = {
  // where a gradient is left out on purpose, its central differences are those of the method without that
  simsiam: { whole: { ...heads, stopGradient: false } },
  'dense-cl': { network: { fold: 1, stages: [32, 64] } }, // a map of 4 × 4
};

for (const name of METHOD_NAMES) methodContract(name, SMALL[name], SPECIAL[name]);
