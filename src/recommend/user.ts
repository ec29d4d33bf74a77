import type { Strategy } from './strategy.js';
import { taste } from './taste.js';

/** What a person's recent events say they like; what is like the context item for somebody unknown. */
export const user: Strategy = {
  needs: 'userId',
  fallbacks: ['similar', 'popular', 'recent'],
  fillsUp: true,
  candidates: taste,
};
