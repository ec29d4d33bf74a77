import { axesOf, type Whitening } from '../src/encoder/whitening.js';
import { rowProducts } from '../src/evaluation/row-products.js';
import { countRows, type Rows, unitRows } from '../src/evaluation/rows.js';
import { fitWhitening, WHITENING_POWERS } from '../src/training/fit-whitening.js';
import type { AlsoScore } from '../src/training/probe.js';
import { resolveSettings } from '../src/training/resolve-settings.js';
import type { Samples } from '../src/training/samples.js';

/** Pictures that the whitening of a look is fitted on, evenly spaced: a fifth of those that an export takes. */
const FITTED = 4_000;

/** Judges at each look what an export would give by then: through the whitening of the settings, where they name one. */
export function asExported(samples: Samples, settings: unknown, judge: AlsoScore): AlsoScore {
  const { whitening: kind, dimension: most } = resolveSettings(settings);
  if (kind === 'none') return judge;
  const count = Math.min(FITTED, samples.count);
  const index = (i: number) => Math.floor((i * samples.count) / count);
  return async (embed) => {
    const { values, dimension } = await embed(Array.from({ length: count }, (_, i) => samples.read(index(i)).slice()));
    const whitening = await fitWhitening(values, dimension, WHITENING_POWERS[kind], { axes: most });
    return judge(async (pictures) => whitened(await embed(pictures), whitening));
  };
}

/** What `whiten` gives, as products of matrices: a look has thousands of rows. */
export async function whitened(rows: Rows, whitening: Whitening): Promise<Rows> {
  const { dimension, mean, matrix } = whitening;
  const axes = axesOf(whitening);
  const turned = matrix.map((_, at) => matrix[(at % dimension) * axes + Math.floor(at / dimension)]!);
  const centred = rows.values.map((value, at) => value - mean[at % dimension]!);
  const out = new Float32Array(countRows(rows) * axes);
  for await (const { start, products } of rowProducts({ values: centred, dimension }, { values: turned, dimension }))
    out.set(products, start * axes);
  return unitRows({ values: out, dimension: axes });
}
