import { LOSS_NAMES, LOSSES } from '../../src/training/losses/index.js';
import { lossContract } from '../contracts/loss.contract.js';

for (const name of LOSS_NAMES) lossContract(name, LOSSES[name].build({}));
