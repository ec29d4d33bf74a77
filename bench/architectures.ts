import { ARCHITECTURE_NAMES, ARCHITECTURES, type ArchitectureName } from '../src/encoder/architectures/index.js';
import { costOfBlock } from '../src/encoder/cost-of-block.js';
import type { TrainedEncoder } from '../src/training/finish-encoder.js';
import type { BenchOptions } from './main.js';
import { emojiCurve, emojiScore } from './quality-emoji.js';
import { fashionCurve, fashionScore } from './quality-fashion.js';
import { averaged, figure, type Row } from './row.js';

const SEEDS = 2;
const SETS = {
  'fashion-mnist': { shape: [1, 28, 28], unit: 'accuracy (kNN-20)', scoreOf: fashionScore, curveOf: fashionCurve },
  emoji: { shape: [3, 48, 48], unit: 'recall (R@1, all pairs)', scoreOf: drawings, curveOf: emojiCurve },
} as const;

interface Scored {
  readonly score: number;
  readonly trained: TrainedEncoder;
}

async function drawings(...asked: Parameters<typeof emojiScore>): Promise<Scored> {
  const { scores, trained } = await emojiScore(...asked);
  return { score: scores.all.recallAt1, trained };
}

/** What each architecture learns in the same time on both sets, with two seeds, how (the first of them), and what it costs. */
export async function architectures({ minutes, seed, only, say }: BenchOptions): Promise<readonly Row[]> {
  const rows: Row[] = [];
  for (const [set, { shape, unit, scoreOf, curveOf }] of Object.entries(SETS))
    for (const name of ARCHITECTURE_NAMES.filter((each) => `${set}/${each}`.includes(only))) {
      rows.push(...costRows(`${set}/${name}`, name, shape));
      const scores: number[] = [];
      for (let run = 0; run < SEEDS; run++) {
        const settings = { architecture: name, budget: { minutes }, seed: seed + run };
        const { score, trained } = await scoreOf(settings, () => {}, run === 0);
        const last = trained.curve.at(-1);
        scores.push(score);
        if (run === 0) rows.push(...curveOf(`${set}/${name}`, trained.curve));
        say(
          `${set}, ${name}, seed ${seed + run}: ${score.toFixed(4)} after ${last?.step} steps, ${last?.picturesPerSecond?.toFixed(0)} pictures/s`,
        );
      }
      rows.push(averaged(`${set}/${name}/${minutes}-min`, scores, unit));
    }
  return rows;
}

function costRows(what: string, name: ArchitectureName, shape: readonly number[]): Row[] {
  const { parameters, multiplications } = costOfBlock(ARCHITECTURES[name].build({}, shape), shape);
  return [
    figure(`${what}/parameters`, parameters, 'numbers'),
    figure(`${what}/multiplications`, multiplications / 1e6, 'million a picture'),
  ];
}
