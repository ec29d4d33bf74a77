import type { BenchOptions } from './main.js';
import { emojiQuality } from './quality-emoji.js';
import { fashionQuality, type QualityOptions } from './quality-fashion.js';
import { furnitureFromShipped, furnitureQuality } from './quality-furniture.js';
import type { Row } from './row.js';

/** Every set, in the order in which it is judged. Adding one: its file and its row here. */
const SETS: Readonly<Record<string, (options: QualityOptions) => Promise<readonly Row[]>>> = {
  'fashion-mnist': fashionQuality,
  emoji: emojiQuality,
  furniture: furnitureQuality,
  'furniture-from-shipped': furnitureFromShipped,
};

/**
 * What training learns in a given time, beside what no learning gives: Fashion-MNIST in grey, drawings in colour, and a
 * small catalogue of products.
 */
export async function quality({ only, ...options }: BenchOptions): Promise<readonly Row[]> {
  const wanted = Object.entries(SETS).filter(([set]) =>
    Object.hasOwn(SETS, only) ? set === only : set.includes(only),
  );
  if (wanted.length === 0) throw new Error(`No set has "${only}" in its name: ${Object.keys(SETS).join(', ')}.`);
  const rows: Row[] = [];
  for (const [, judge] of wanted) rows.push(...(await judge(options)));
  return rows;
}
