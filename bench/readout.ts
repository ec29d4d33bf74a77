import { readFile } from 'node:fs/promises';
import { EMOJI_STYLES, type EmojiStyle } from '../src/cli/emoji-styles.js';
import { exportSaved } from '../src/encoder/export-saved.js';
import { openOnnxEncoder } from '../src/encoder/onnx-encoder.js';
import { readParameters } from '../src/encoder/parameters-file.js';
import { type Rows, rowsOfEncoder } from '../src/evaluation/rows.js';
import { fitWhitening, WHITENING_POWERS } from '../src/training/fit-whitening.js';
import { whitened } from './as-exported.js';
import { CATEGORY_UNIT, openCategories } from './category-judge.js';
import { CATEGORY_SETS } from './data/category-sets.js';
import { sharedEmoji } from './data/emoji.js';
import { judgeEmoji } from './data/emoji-protocol.js';
import { shippedPool } from './data/shipped-pool.js';
import { heldOutDrawings, rowsApart } from './emoji-judge.js';
import type { BenchOptions } from './main.js';
import { poolSamples } from './pool-samples.js';
import { figure, type Row } from './row.js';
import { shippedModel } from './shipped.js';

/** Last stages that are read, and windows along a side that their maps are averaged over. */
const READOUTS = [
  { readout: 1, pool: 3 },
  { readout: 2, pool: 3 },
  { readout: 3, pool: 3 },
  { readout: 1, pool: 2 },
  { readout: 2, pool: 2 },
  { readout: 3, pool: 2 },
];
const KINDS = ['none', 'half', 'full'] as const;
/** Numbers of an embedding. */
const AXES = 512;

/**
 * What the weights of the shipped encoder are worth by how embeddings are made from them: which stages, over how
 * many windows, how whitened. Nothing is trained: the map of the whitening is fitted again, on the drawings that it learnt.
 */
export async function readout({ only, say }: BenchOptions): Promise<readonly Row[]> {
  const { path, size } = await shippedModel();
  const saved = readParameters(await readFile(path('parameters.bin')));
  const training = await poolSamples(await shippedPool(say), size, say);
  const learnt = Array.from({ length: training.samples.count }, (_, i) => training.samples.read(i).slice());
  training.close();
  const drawings = await heldOutDrawings(await sharedEmoji(), size);
  const sets: [string, Awaited<ReturnType<typeof openCategories>>][] = [];
  for (const [name, open] of Object.entries(CATEGORY_SETS))
    sets.push([name, await openCategories(await open(say), size, say)]);

  const rows: Row[] = [];
  for (const options of READOUTS) {
    const name = `stages-${options.readout}/windows-${options.pool}`;
    if (!name.includes(only)) continue;
    const encoder = await openOnnxEncoder(await exportSaved(saved, options));
    const rowsOf = (pictures: readonly Uint8Array[]) => rowsOfEncoder(encoder, pictures);
    const fitted = await rowsOf(learnt);
    const styles: [EmojiStyle, Rows][] = [];
    for (const style of EMOJI_STYLES) styles.push([style, await rowsOf(drawings[style])]);
    const things: Rows[] = [];
    for (const [, { pictures }] of sets) things.push(await rowsOf(pictures));
    await encoder.close();
    for (const kind of KINDS) {
      const map = await fitWhitening(fitted.values, fitted.dimension, WHITENING_POWERS[kind], { axes: AXES });
      const seen: [EmojiStyle, readonly Float32Array[]][] = [];
      for (const [style, each] of styles) seen.push([style, rowsApart(await whitened(each, map))]);
      const { all, unseen } = judgeEmoji(Object.fromEntries(seen) as Record<EmojiStyle, readonly Float32Array[]>);
      rows.push(figure(`${name}/${kind}/emoji`, all.recallAt1, 'recall (R@1)'));
      rows.push(figure(`${name}/${kind}/emoji-unseen-style`, unseen.recallAt1, 'recall (R@1)'));
      for (const [at, [set, { judge }]] of sets.entries())
        rows.push(figure(`${name}/${kind}/${set}`, await judge(await whitened(things[at]!, map)), CATEGORY_UNIT));
      say(
        rows
          .slice(-2 - sets.length)
          .map(({ what, value }) => `${what} ${value.toFixed(3)}`)
          .join(', '),
      );
    }
  }
  return rows;
}
