import type { Source } from '../source.js';
import { easeWith } from './ease.js';

/** EASE over a history whose entries all count the same, as published: for tastes that do not wander. */
export const easeWhole: Source = { inPlainSum: false, ...easeWith(1) };
