import { AppError } from '../errors.js';
import { contextPull, examples } from './examples.js';
import type { Strategy } from './strategy.js';
import { query, towards } from './towards.js';

/** What looks like the examples (and the context item), and not like those of negative weight. */
export const similar: Strategy = {
  needs: 'examples',
  fallbacks: ['popular', 'recent'],
  fillsUp: false,
  async candidates(situation, count) {
    const { index, request } = situation;
    const pulls = [...(await examples(index, request)), ...(await contextPull(index, request.context))];
    if (pulls.length === 0) return null;
    const sought = query(pulls);
    if (!sought)
      throw new AppError(
        'REQUEST_INVALID',
        { why: 'The examples cancel each other out, so there is no direction to search in.' },
        { issues: [{ path: 'examples', message: 'Change the weights, or leave an example out.' }] },
      );
    return towards(situation, sought, count);
  },
};
