import { LOSS_NAMES } from '../src/training/losses/index.js';
import { METHOD_NAMES } from '../src/training/methods/index.js';
import type { BenchOptions } from './main.js';
import { emojiScore } from './quality-emoji.js';
import { fashionScore } from './quality-fashion.js';
import { averaged, type Row } from './row.js';

const SEEDS = 3;
/** A method's own name, and for the losses that "simclr" may minimise theirs. */
const RECIPES: Readonly<Record<string, object>> = {
  ...Object.fromEntries(LOSS_NAMES.map((loss) => [loss === 'nt-xent' ? 'simclr' : loss, { loss }])),
  ...Object.fromEntries(METHOD_NAMES.filter((name) => name !== 'simclr').map((method) => [method, { method }])),
};

/** What settings are worth on each set. */
const SETS: Readonly<Record<string, { readonly unit: string; score(settings: object): Promise<number> }>> = {
  'fashion-mnist': {
    unit: 'accuracy (kNN-20)',
    score: async (settings) => (await fashionScore({ ...settings }, () => {})).score,
  },
  emoji: {
    unit: 'recall (R@1, all pairs)',
    score: async (settings) => (await emojiScore({ ...settings }, () => {})).scores.all.recallAt1,
  },
};

/** What every method learns in the same time on both sets: the mean of three seeds and their range. */
export async function methods({ minutes, seed, only, say }: BenchOptions): Promise<readonly Row[]> {
  const rows: Row[] = [];
  for (const [set, { unit, score }] of Object.entries(SETS))
    for (const [name, recipe] of Object.entries(RECIPES).filter(([each]) => `${set}/${each}`.includes(only))) {
      const scores: number[] = [];
      for (let run = 0; run < SEEDS; run++) {
        scores.push(await score({ ...recipe, budget: { minutes }, seed: seed + run }));
        say(`${set}, ${name}, seed ${seed + run}: ${scores.at(-1)!.toFixed(4)}`);
      }
      rows.push(averaged(`${set}/${name}/${minutes}-min`, scores, unit));
    }
  return rows;
}
