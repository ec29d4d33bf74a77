import type { Strategy } from './strategy.js';
import { taste } from './taste.js';

/** What one visit's events so far say, for somebody without a name. */
export const session: Strategy = {
  needs: 'sessionId',
  fallbacks: ['similar', 'popular', 'recent'],
  fillsUp: true,
  candidates: taste,
};
