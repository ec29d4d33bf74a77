import type { Encoder } from '../encoder/encoder.js';
import { declareProbes, pixelEncoder, scoreProbes } from '../evaluation/probes.js';
import { type Verdict, verdict } from './verdict.js';

/** An encoder and the probe pictures, prepared as it wants them. */
export interface Contestant {
  readonly encoder: Encoder;
  /** The same pictures in the same order for both contestants; at most 500 of them are used, evenly spaced. */
  readonly samples: readonly Uint8Array[];
}

/**
 * Scores both on the same views of the same pictures and says whether the candidate may replace the active model. With no
 * active model, it has to hold against raw pixels. Throws a RangeError where the contestants' pictures are not as many,
 * or fewer than two.
 */
export async function judge(candidate: Contestant, active: Contestant | undefined): Promise<Verdict> {
  const shape = candidate.encoder.sample.shape;
  const rival = active ?? { encoder: pixelEncoder(shape), samples: candidate.samples };
  const name = active ? 'the active model' : 'raw pixels';
  return verdict(await scoreOf(candidate), { name, score: await scoreOf(rival) });
}

const scoreOf = ({ encoder, samples }: Contestant) =>
  scoreProbes(declareProbes(samples, encoder.sample.shape), encoder);
