import { readFile } from 'node:fs/promises';
import { openRegistry, shippedModelId } from '../src/app/stores.js';
import { openWorld } from '../src/cli/world.js';
import { openOnnxEncoder } from '../src/encoder/onnx-encoder.js';
import { untrainedEncoder } from '../src/encoder/untrained-encoder.js';
import { BASELINES } from '../src/evaluation/baselines.js';
import { rowsOfEncoder } from '../src/evaluation/rows.js';
import { CATEGORY_BASELINES, CATEGORY_UNIT, openCategories } from './category-judge.js';
import { CATEGORY_SETS } from './data/category-sets.js';
import { sharedEmoji } from './data/emoji.js';
import { heldOutDrawings, judgeEncoder } from './emoji-judge.js';
import type { BenchOptions } from './main.js';
import { barred, figure, type Row } from './row.js';

/** By how much it is held to be better than the best of pixels, on kinds of pictures that it has not learnt from. */
const GAIN = 0.05;

/** The encoder that comes with the project, and what its network is. */
export async function shippedModel() {
  const registry = openRegistry(openWorld());
  const modelId = await shippedModelId(registry);
  if (modelId === undefined) throw new Error('There is no shipped encoder.');
  const { settings, sample } = await registry.read(modelId);
  const { architecture, architectureOptions } = settings.training as Record<string, unknown>;
  return {
    path: (file: 'encoder.onnx' | 'parameters.bin') => registry.path(modelId, file),
    size: sample.shape[0]!,
    network: { architecture, architectureOptions },
  };
}

/**
 * What the shipped encoder is worth where it was not trained: drawings it has not seen, also in a style it has not seen,
 * and other kinds of pictures, by how often the nearest other picture is of the same category. Beside it pixels and the same
 * network untrained.
 */
export async function shipped({ seed, only, say }: BenchOptions): Promise<readonly Row[]> {
  const { path, size } = await shippedModel();
  const encoder = await openOnnxEncoder(await readFile(path('encoder.onnx')));
  const untrained = await openOnnxEncoder((await untrainedEncoder(await readFile(path('parameters.bin')), seed))!);
  const rows: Row[] = [];
  if ('emoji'.includes(only)) {
    const { all, unseen } = await judgeEncoder(encoder, await heldOutDrawings(await sharedEmoji(), size));
    rows.push(
      figure('emoji/r@1', all.recallAt1, 'recall'),
      figure('emoji-unseen-style/r@1', unseen.recallAt1, 'recall'),
    );
  }
  for (const [set, open] of Object.entries(CATEGORY_SETS).filter(([name]) => name.includes(only))) {
    const { pictures, pixels, judge } = await openCategories(await open(say), size, say);
    const learnt = await judge(await rowsOfEncoder(encoder, pictures));
    rows.push(figure(`${set}/p@1`, learnt, CATEGORY_UNIT));
    rows.push(figure(`${set}/untrained`, await judge(await rowsOfEncoder(untrained, pictures)), CATEGORY_UNIT));
    for (const [what, name] of CATEGORY_BASELINES) {
      const worth = await judge(await BASELINES[name](pixels)(pixels));
      rows.push(figure(`${set}/${what}`, worth, CATEGORY_UNIT));
      if (name === 'pixels-half-whitened')
        rows.push(barred(`${set}/gain-over-${what}`, learnt - worth, CATEGORY_UNIT, '>=', GAIN));
    }
  }
  await encoder.close();
  await untrained.close();
  return rows;
}
