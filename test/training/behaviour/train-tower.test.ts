import { describe, expect, it } from 'vitest';
import { Random } from '../../../src/core/random.js';
import { parameterLayout, startingParameters } from '../../../src/encoder/parameter-layout.js';
import { stateOf, towerRanker } from '../../../src/recommend/behaviour/tower.js';
import { createEngine } from '../../../src/tensor/create-engine.js';
import { OnnxEngine } from '../../../src/tensor/onnx-engine.js';
import { type TowerShape, towerParameters } from '../../../src/training/behaviour/tower-network.js';
import { towerExport, towerStates } from '../../../src/training/behaviour/tower-step.js';
import { trainTower } from '../../../src/training/behaviour/train-tower.js';
import { LOSS_NAMES } from '../../../src/training/losses/index.js';
import { circleRows, historiesOf, history, scoresOf } from '../../recommend/behaviour/small-histories.js';

const engine = new OnnxEngine({ threads: 1 });
const settings = { dimension: 8, positions: 4, drawn: 16, epochs: 6 };
const circle = historiesOf(circleRows(80, 20, 8), 20);

describe('the state tower', () => {
  it('is the same where recommendation adds it up and where training computes it', async () => {
    const shape: TowerShape = {
      rows: 7,
      features: 0,
      dimension: 6,
      positions: 3,
      decays: [0.2, 0.9],
      loss: 'info-nce',
      temperature: 0.1,
    };
    const layout = parameterLayout(towerParameters(shape));
    const parameters = startingParameters(layout, new Random(3));
    const pooled = layout.entries.find(({ name }) => name === 'pools')!;
    for (let at = 0; at < pooled.length; at++) parameters[pooled.offset + at] = Math.sin(at); // not as they start
    const exported = towerExport(shape, layout, 7);
    const out = await (await engine.compile(exported.fn, exported.inputs)).run({
      parameters,
      ids: Int32Array.from([0, 1, 2, 3, 4, 5, 6]),
    });
    const items = out.items as Float32Array;
    const tower = {
      ...shape,
      items,
      pools: out.pools as Float32Array,
      maps: out.maps as Float32Array,
    };
    const stated = towerStates(shape, layout, 7, 3);
    const { states } = await (await engine.compile(stated.fn, stated.inputs)).run({
      parameters,
      items,
      entries: Int32Array.from([5, 2, 1, 4, 0, 0, 0, 0, 0]),
      weights: Float32Array.from([1, -0.5, 2, 3, 0, 0, 0, 0, 0]),
    });

    const own = [history([6, 1, 2, 5], [9, 2, -0.5, 1]), history([4], [3]), history([])].map((of) =>
      stateOf(tower, of),
    );
    for (const [at, value] of own.flatMap((state) => [...state]).entries()) expect(value).toBeCloseTo(states![at]!, 5);
  });
});

describe('learning a tower', () => {
  it('gets better at what was held back, spreads the items, and is the same each time', async () => {
    const [one, again] = [1, 2].map(() => trainTower(circle, { engine, seed: 1, settings }));
    const { curve, tower } = await one!;

    expect(curve.map(({ epoch }) => epoch)).toEqual([1, 2, 3, 4, 5, 6]);
    expect(curve.at(-1)!.loss).toBeLessThan(curve[0]!.loss - 0.2);
    expect(curve.at(-1)!.recallAt10).toBeGreaterThan(0.7);
    expect(curve.at(-1)!.effectiveRank).toBeGreaterThan(3);
    expect((await again!).tower).toEqual(tower);
    expect((await trainTower(circle, { engine, seed: 2, settings })).tower.items).not.toEqual(tower.items);
  });

  it('places an item that nobody touched by what it looks like', async () => {
    // Two kinds of items, that people do not mix; the last two items are new, and look like one kind each.
    const random = new Random(5);
    const rows = Array.from({ length: 120 }, (_, p) =>
      [...random.permutation(10)].slice(0, 6).map((i) => 2 * i + (p % 2)),
    );
    const embeddings = {
      dimension: 2,
      values: Float32Array.from({ length: 44 }, (_, at) => ((at >> 1) % 2 === at % 2 ? 1 : 0)),
    };
    const { tower } = await trainTower(historiesOf(rows, 22), { engine, seed: 1, settings, embeddings });
    const scores = scoresOf(towerRanker(tower), history([0, 2, 4]), 22);

    expect(scores[20]! - scores[21]!).toBeGreaterThan(0.5);
  });

  it('reads attributes as it reads embeddings', async () => {
    const random = new Random(5);
    const rows = Array.from({ length: 120 }, (_, p) =>
      [...random.permutation(10)].slice(0, 6).map((i) => 2 * i + (p % 2)),
    );
    const attributes = {
      width: 3,
      starts: Uint32Array.from({ length: 23 }, (_, i) => 2 * i),
      tokens: Uint32Array.from({ length: 44 }, (_, at) => (at % 2 === 0 ? 2 : (at >> 1) % 2)), // one they share
    };
    const { tower } = await trainTower(historiesOf(rows, 22), { engine, seed: 1, settings, attributes });
    const scores = scoresOf(towerRanker(tower), history([1, 3, 5]), 22);

    expect(scores[21]! - scores[20]!).toBeGreaterThan(0.3);
  });

  it('comes to the same on the eager engine', async () => {
    const short = { ...settings, epochs: 1 };
    const compiled = await trainTower(circle, { engine, seed: 1, settings: short });
    const eager = await trainTower(circle, { engine: await createEngine('tfjs-cpu'), seed: 1, settings: short });

    for (const [at, value] of eager.tower.items.entries()) expect(value).toBeCloseTo(compiled.tower.items[at]!, 4);
  });

  it.each(LOSS_NAMES)('can be by %s, a state and its action as two views', async (loss) => {
    const { curve, tower } = await trainTower(circle, { engine, seed: 1, settings: { ...settings, loss } });

    expect(tower.items.every(Number.isFinite)).toBe(true);
    expect(curve.at(-1)!.loss).toBeLessThan(curve[0]!.loss);
  });

  it('knows nothing after too short a log', async () => {
    const { tower, curve } = await trainTower(historiesOf(circleRows(10, 20, 8), 20), { engine, seed: 1, settings });

    expect(curve).toEqual([]);
    expect(new Set(scoresOf(towerRanker(tower), history([1]), 20))).toEqual(new Set([0]));
  });

  it('stops when told to', async () => {
    const learning = trainTower(circle, { engine, seed: 1, settings, signal: AbortSignal.abort() });

    await expect(learning).rejects.toMatchObject({ code: 'CANCELLED' });
  });

  it('says that it diverged rather than going on', async () => {
    const learning = trainTower(circle, { engine, seed: 1, settings: { ...settings, learningRate: 1e30 } });

    await expect(learning).rejects.toMatchObject({ code: 'TRAINING_DIVERGED' });
  });
});
