import { METHOD_NAMES, type MethodName } from '../../src/training/methods/index.js';
import { methodContract } from '../contracts/method.contract.js';

const heads = { hidden: 16, projection: 8 };
/** The least of each, so that the suite is quick. */
const SMALL: Readonly<Record<MethodName, object>> = {
  simclr: heads,
  moco: { ...heads, queue: 100 },
  byol: heads,
  simsiam: heads,
  nnclr: { ...heads, queue: 100 },
};
/** Where a gradient is left out on purpose, its central differences are those of the method without that. */
const WHOLE: { readonly [name in MethodName]?: object } = { simsiam: { ...heads, stopGradient: false } };

for (const name of METHOD_NAMES) methodContract(name, SMALL[name], WHOLE[name]);
