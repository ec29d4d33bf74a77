import { readFile } from 'node:fs/promises';
import sharp from 'sharp';
import { FINER } from '../src/app/map-encoder.js';
import { demoCatalogue } from '../src/cli/demo-catalogue.js';
import { Random } from '../src/core/random.js';
import type { FeatureMap } from '../src/encoder/encoder.js';
import { exportSaved } from '../src/encoder/export-saved.js';
import { localise } from '../src/encoder/localise.js';
import { openOnnxEncoder } from '../src/encoder/onnx-encoder.js';
import { readParameters } from '../src/encoder/parameters-file.js';
import { type EmojiDrawing, sharedEmoji } from './data/emoji.js';
import { isHeldOut } from './data/emoji-protocol.js';
import { averagePrecision, meanIou, overlap, pixelMap } from './data/scene-judge.js';
import { composeScene, type Scene } from './data/scenes.js';
import { shippedPool } from './data/shipped-pool.js';
import { TRAINING_STYLES } from './data/style-sets.js';
import type { BenchOptions } from './main.js';
import { poolSamples } from './pool-samples.js';
import { UNTRAINED } from './quality-fashion.js';
import { figure, type Row } from './row.js';
import { shippedModel } from './shipped.js';
import { trainEncoderFor } from './train-encoder-for.js';

/** Side of a scene in pixels; a cell of the default network's map is 8 of them. */
const SIZE = 64;
const CELL = 8;
const IN_A_SCENE = 2;
/** Pairs of scenes in which something is looked for; it is there in every other one. */
const PAIRS = 200;
/** Scenes that the probe is fitted on, and as many that it is judged on. */
const PROBED = 200;

/** Whitening comes after the map. */
const SHARED = { whitening: 'none' };
/** What learns, by its name in the table. */
const RECIPES: Readonly<Record<string, object>> = {
  simclr: {},
  moco: { method: 'moco' },
  'dense-cl': { method: 'dense-cl' },
};

type DrawnScene = Scene<EmojiDrawing>;
interface Pair {
  readonly query: DrawnScene;
  readonly target: DrawnScene;
}
/** Maps of scenes, each seen so many times as large as in training. */
type MapsOf = (scenes: readonly DrawnScene[], times: number) => Promise<readonly FeatureMap[]>;

/**
 * What a map knows about places, on scenes of two drawings each. Encoders learn from a catalogue, as they do in use: from
 * drawings that stand alone. They are judged on scenes of held-out drawings, also of the unseen style; probes are fitted on
 * scenes of drawings that may be trained on, with other textures.
 * `localise/…/ap50`: the first drawing of one scene is looked for in another, where it is larger or smaller on another
 * texture, or absent; average precision of the boxes, right from an overlap of 0.5 on, by the maps of pictures as large as
 * in training and, `finer`, as large as the product takes them. `foreground/…/miou`: a linear probe of the map that tells
 * drawings from ground. `categories/…/miou`: one that tells what a drawing shows, by Unicode's nine groups (animals
 * and nature, food and drink, …) and the ground.
 */
export async function dense({ minutes, seed, only, say }: BenchOptions): Promise<readonly Row[]> {
  const { drawings } = await sharedEmoji();
  const random = new Random(seed);
  const learnable = drawings.filter(({ style, codepoint }) => TRAINING_STYLES.includes(style) && !isHeldOut(codepoint));
  const heldOut = drawings.filter(({ codepoint }) => isHeldOut(codepoint));
  const pairs = await scenePairs(heldOut, random.fork('pairs'));
  const [fit, judged] = [
    await scenes(learnable, PROBED, random.fork('fit')),
    await scenes(heldOut, PROBED, random.fork('judged')),
  ];
  const groups = await groupOf();
  say(`${heldOut.length} drawings are held out`);

  const judge = async (name: string, mapsOf: MapsOf): Promise<Row[]> => {
    const [fitMaps, judgedMaps] = [await mapsOf(fit, 1), await mapsOf(judged, 1)];
    const probed = (labelOf: (drawing: EmojiDrawing) => number) => {
      const labelled = (some: readonly DrawnScene[], maps: readonly FeatureMap[]) =>
        some.map(({ owners, placed }, i) => {
          const labels = [0, ...placed.map(({ drawing }) => labelOf(drawing))];
          return { map: maps[i]!, truth: owners.map((owner) => labels[owner]!) };
        });
      return meanIou(labelled(fit, fitMaps), labelled(judged, judgedMaps));
    };
    return [
      figure(`localise/${name}/ap50`, await precision(pairs, mapsOf, 1), 'average precision'),
      figure(`localise/${name}/finer/ap50`, await precision(pairs, mapsOf, FINER), 'average precision'),
      figure(`foreground/${name}/miou`, await probed(() => 1), 'mean IoU'),
      figure(`categories/${name}/miou`, await probed(({ codepoint }) => groups.get(codepoint)!), 'mean IoU'),
    ];
  };
  const rows = await judge('pixels', async (some, times) => {
    const seen = await Promise.all(some.map((scene) => shrunk(scene, times * SIZE)));
    return seen.map((pixels) => pixelMap(pixels, CELL));
  });
  const recipes = { untrained: UNTRAINED(seed), ...learning(minutes, seed) };
  const asked = Object.entries(recipes).filter(([each]) => each.includes(only));
  const training = asked.length > 0 ? await poolSamples(await shippedPool(say), SIZE, say) : undefined;
  for (const [name, settings] of asked) {
    const { encoder, trained } = await trainEncoderFor(training!.samples, settings, say);
    say(`${name}: ${trained.steps} steps`);
    await encoder.close();
    rows.push(...(await judge(name, mapsOfParameters(trained.parameters))));
  }
  training?.close();
  if ('shipped'.includes(only))
    rows.push(
      ...(await judge('shipped', mapsOfParameters(await readFile((await shippedModel()).path('parameters.bin'))))),
    );
  return rows;
}

/** What a network sees in scenes; its own size, and any other that it takes. */
function mapsOfParameters(bytes: Uint8Array): MapsOf {
  const saved = readParameters(bytes);
  const [channels, own] = saved.shape as [number, number];
  return async (some, times) => {
    const side = times * own;
    const encoder = await openOnnxEncoder(await exportSaved(saved, {}, [channels, side, side]));
    try {
      return await encoder.encodeMaps!(await Promise.all(some.map((scene) => shrunk(scene, side))));
    } finally {
      await encoder.close();
    }
  };
}

/** `[side, side, 3]` */
async function shrunk({ pixels }: DrawnScene, side: number): Promise<Uint8Array> {
  const whole = Math.sqrt(pixels.length / 3);
  if (whole === side) return pixels;
  return sharp(pixels, { raw: { width: whole, height: whole, channels: 3 } })
    .resize(side, side)
    .raw()
    .toBuffer();
}

/** The number of each codepoint's group, from 1 on. Every drawing of these styles has one. */
async function groupOf(): Promise<ReadonlyMap<string, number>> {
  const names = new Map<string, string>();
  for await (const { itemId, attributes } of demoCatalogue().list())
    if (typeof attributes.group === 'string') names.set(itemId, attributes.group);
  const order = [...new Set(names.values())].sort();
  return new Map([...names].map(([codepoint, group]) => [codepoint, 1 + order.indexOf(group)]));
}

const learning = (minutes: number, seed: number) =>
  Object.fromEntries(
    Object.entries(RECIPES).map(
      ([name, recipe]) => [name, { ...recipe, ...SHARED, budget: { minutes }, seed }] as const,
    ),
  );

/** So many drawings, no codepoint twice. */
function some(drawings: readonly EmojiDrawing[], count: number, random: Random): EmojiDrawing[] {
  const found: EmojiDrawing[] = [];
  while (found.length < count) {
    const one = drawings[random.int(drawings.length)]!;
    if (found.every(({ codepoint }) => codepoint !== one.codepoint)) found.push(one);
  }
  return found;
}

async function scenes(drawings: readonly EmojiDrawing[], count: number, random: Random): Promise<DrawnScene[]> {
  const made: DrawnScene[] = [];
  for (let i = 0; i < count; i++) {
    const own = random.fork(String(i));
    made.push(await composeScene(some(drawings, IN_A_SCENE, own.fork('which')), SIZE, own));
  }
  return made;
}

async function scenePairs(drawings: readonly EmojiDrawing[], random: Random): Promise<Pair[]> {
  const made: Pair[] = [];
  for (let i = 0; i < PAIRS; i++) {
    const own = random.fork(String(i));
    const [wanted, ...others] = some(drawings, 2 * IN_A_SCENE, own.fork('which')) as [EmojiDrawing, ...EmojiDrawing[]];
    const beside = others.slice(0, IN_A_SCENE - 1);
    const away = others.slice(IN_A_SCENE - 1);
    const there = i % 2 === 0 ? [wanted, ...away.slice(1)] : away;
    made.push({
      query: await composeScene([wanted, ...beside], FINER * SIZE, own.fork('query')),
      target: await composeScene(there, FINER * SIZE, own.fork('target')),
    });
  }
  return made;
}

async function precision(pairs: readonly Pair[], mapsOf: MapsOf, times: number): Promise<number> {
  const queries = await mapsOf(
    pairs.map(({ query }) => query),
    times,
  );
  const targets = await mapsOf(
    pairs.map(({ target }) => target),
    times,
  );
  let wanted = 0;
  const detections = pairs.map(({ query, target }, i) => {
    const [{ drawing, box }] = query.placed as [DrawnScene['placed'][number]];
    const truth = target.placed.find((one) => one.drawing === drawing);
    if (truth) wanted++;
    const found = localise(queries[i]!, box, targets[i]!);
    return { score: found.score, right: truth !== undefined && overlap(found.box, truth.box) >= 0.5 };
  });
  return averagePrecision(detections, wanted);
}
