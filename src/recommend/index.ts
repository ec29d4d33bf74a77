import { blend } from './blend.js';
import { popular } from './popular.js';
import { recent } from './recent.js';
import { session } from './session.js';
import { similar } from './similar.js';
import type { Strategy } from './strategy.js';
import { trending } from './trending.js';
import { user } from './user.js';

/** Every strategy a request can name. Adding one: its file, its test, and its line here. */
export const STRATEGIES: Readonly<Record<string, Strategy>> = {
  similar,
  blend,
  user,
  session,
  popular,
  trending,
  recent,
};
