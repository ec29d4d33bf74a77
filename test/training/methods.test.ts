import { METHOD_NAMES } from '../../src/training/methods/index.js';
import { methodContract } from '../contracts/method.contract.js';

/** The least of each, so that the suite is quick. */
const SMALL = { simclr: { hidden: 16, projection: 8 } };

for (const name of METHOD_NAMES) methodContract(name, SMALL[name]);
