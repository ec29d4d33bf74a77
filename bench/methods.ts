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

/** What every method learns in the same time on both sets: the mean of three seeds and their range. */
export async function methods({ minutes, seed, only, say }: BenchOptions): Promise<readonly Row[]> {
  const rows: Row[] = [];
  for (const [name, recipe] of Object.entries(RECIPES).filter(([each]) => each.includes(only))) {
    const [fashion, drawings]: [number[], number[]] = [[], []];
    for (let run = 0; run < SEEDS; run++) {
      const settings = { ...recipe, budget: { minutes }, seed: seed + run };
      fashion.push((await fashionScore(settings, () => {})).score);
      drawings.push((await emojiScore(settings, () => {})).scores.all.recallAt1);
      say(
        `${name}, seed ${seed + run}: Fashion-MNIST ${fashion.at(-1)!.toFixed(4)}, drawings ${drawings.at(-1)!.toFixed(4)}`,
      );
    }
    rows.push(averaged(`fashion-mnist/${name}/${minutes}-min`, fashion, 'accuracy (kNN-20)'));
    rows.push(averaged(`emoji/${name}/${minutes}-min`, drawings, 'recall (R@1, all pairs)'));
  }
  return rows;
}
