import { handler } from '../call.js';
import { ROUTES } from '../contract/index.js';
import { notBuilt } from '../start-job.js';

/** POST …/behaviour/train: named by the contract, refused until it is built. */
export const trainBehaviour = handler(ROUTES.trainBehaviour, async () => {
  throw notBuilt('behaviour/train');
});
