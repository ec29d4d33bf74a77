import type { Source } from '../source.js';
import { content } from './content.js';
import { cooccurrence } from './cooccurrence.js';
import { ease } from './ease.js';
import { easeWhole } from './ease-whole.js';
import { knnLast5 } from './knn-last-5.js';
import { peopleAlike } from './people-alike.js';
import { popularity } from './popularity.js';
import { tower } from './tower.js';
import { transitions } from './transitions.js';
import { trending } from './trending.js';

/** Every way to learn from behaviour, from simple to hard. Adding one: its file, its test, and its line here. */
export const SOURCES = {
  popularity,
  trending,
  content,
  'people-alike': peopleAlike,
  'knn-last-5': knnLast5,
  cooccurrence,
  transitions,
  ease,
  'ease-whole': easeWhole,
  tower,
} satisfies Readonly<Record<string, Source>>;

export type SourceName = keyof typeof SOURCES;
