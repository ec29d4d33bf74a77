import { Random } from '../../core/random.js';
import type { Encoder } from '../../encoder/encoder.js';
import { BASELINES, type BaselineName } from '../baselines.js';
import { interval } from '../interval.js';
import { type MatchScore, matchViews, type Probes } from '../probes.js';
import { type Rows, rowsOfEncoder } from '../rows.js';
import type { Contestant } from './findings.js';
import { pixelRows } from './pixel-rows.js';

/** What comparing pixels gives, from plain to clever, and how a report calls it. */
const PIXELS: readonly (readonly [BaselineName, string])[] = [
  ['centred-pixels', 'Raw pixels'],
  ['pca-64', 'Pixels, their 64 main patterns'],
  ['pixels-half-whitened', 'Pixels, half-whitened'],
  ['whitened-pixels', 'Pixels, whitened'],
];

export interface Ring {
  readonly probes: Probes;
  readonly samples: readonly Uint8Array[];
  readonly model: MatchScore;
  readonly untrained?: Encoder | undefined;
}

/**
 * The model, then what it has to beat, on the same probe views. The baselines are fitted on the very pictures the views are
 * of, which favours them.
 */
export async function gatherContestants(ring: Ring): Promise<[Contestant, ...Contestant[]]> {
  const { probes, samples, model, untrained } = ring;
  const views = [...probes.first, ...probes.second];
  const beside: Contestant[] = [];
  const enter = async (name: string, kind: Contestant['kind'], rows: Rows): Promise<void> => {
    const score = await matchViews(rows);
    const lead = interval(
      model.hits.map((hit, i) => hit - score.hits[i]!),
      new Random(1),
    );
    beside.push({ name, kind, score, lead });
  };

  if (untrained) {
    const rows = await rowsOfEncoder(untrained, views);
    const whitened = BASELINES['whitened-pixels'](await rowsOfEncoder(untrained, samples));
    await enter('The same network before training', 'untrained', rows);
    await enter('The same before training, whitened', 'untrained', await whitened(rows));
  }
  const [fitted, asked] = [pixelRows(samples, probes.shape), pixelRows(views, probes.shape)];
  for (const [baseline, name] of PIXELS) await enter(name, 'pixels', await BASELINES[baseline](fitted)(asked));
  return [{ name: 'This model', kind: 'model', score: model }, ...beside];
}
