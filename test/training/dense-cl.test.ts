import type { Tensor1D, Tensor2D } from '@tensorflow/tfjs-core';
import { grads, reshape } from '@tensorflow/tfjs-core';
import { describe, expect, it } from 'vitest';
import { Random } from '../../src/core/random.js';
import { cosine, dot } from '../../src/core/vectors.js';
import { ARCHITECTURES } from '../../src/encoder/architectures/index.js';
import { parameterLayout, startingParameters } from '../../src/encoder/parameter-layout.js';
import { projectionHead } from '../../src/encoder/projection-head.js';
import { splitFlat, trainingScope } from '../../src/encoder/scopes.js';
import { createEngine } from '../../src/tensor/create-engine.js';
import { learner } from '../../src/training/learner.js';
import { ntXent } from '../../src/training/losses/nt-xent.js';
import { startingMemory } from '../../src/training/memory.js';
import { METHODS } from '../../src/training/methods/index.js';
import { adamw } from '../../src/training/optimisers/adamw.js';
import { TwoPassStepper } from '../../src/training/two-pass-stepper.js';
import { flat, sampleRows } from './rows.js';

const [FEATURES, CHANNELS, SIDE, VIEWS, PROJECTED, QUEUE] = [6, 3, 2, 8, 5, 9];
const PLACES = SIDE * SIDE;
const loss = ntXent({ temperature: 0.5 });
const viewHead = projectionHead('projection', FEATURES, 7, PROJECTED);
const placeHead = projectionHead('dense', CHANNELS, 7, PROJECTED);

const rowsOf = (numbers: Float32Array, width: number): Float32Array[] =>
  Array.from({ length: numbers.length / width }, (_, i) => numbers.slice(i * width, (i + 1) * width));
const meanOf = (values: readonly number[]): number => values.reduce((a, b) => a + b) / values.length;
const meanRow = (rows: readonly Float32Array[]): Float32Array =>
  rows[0]!.map((_, k) => meanOf(rows.map((row) => row[k]!)));

/** Cells `[VIEWS · PLACES]` of C numbers, as the map `[VIEWS, C, SIDE, SIDE]` that they are the cells of. */
const mapOf = (cells: readonly Float32Array[]): Float32Array =>
  Float32Array.from({ length: cells.length * CHANNELS }, (_, at) => {
    const [view, rest] = [Math.floor(at / (CHANNELS * PLACES)), at % (CHANNELS * PLACES)];
    return cells[view * PLACES + (rest % PLACES)]![Math.floor(rest / PLACES)]!;
  });

/** −log of the share of the right one, as the papers write it. */
function infoNce(
  query: Float32Array,
  right: Float32Array,
  wrong: readonly Float32Array[],
  temperature: number,
): number {
  const similar = Math.exp(cosine(query, right) / temperature);
  const others = wrong.reduce((sum, key) => sum + Math.exp(cosine(query, key) / temperature), 0);
  return -Math.log(similar / (similar + others));
}

/** Everything at random: the network's rows and cells, the copy's, the heads and the queue. */
const rows = sampleRows(VIEWS, FEATURES, 4);
const cells = sampleRows(VIEWS * PLACES, CHANNELS, 5);
const copyRows = sampleRows(VIEWS, FEATURES, 6);
const copyCells = sampleRows(VIEWS * PLACES, CHANNELS, 7);
const queue = sampleRows(QUEUE, 2 * PROJECTED, 8).map((row) => {
  const [views, places] = [row.subarray(0, PROJECTED), row.subarray(PROJECTED)];
  return flat([views, places].map((part) => part.map((x) => x / Math.sqrt(dot(part, part)))));
});

async function evaluate(options: object) {
  const method = METHODS['dense-cl'].build(
    { hidden: 7, projection: PROJECTED, queue: QUEUE, ...options },
    { features: FEATURES, mapChannels: CHANNELS, loss },
  );
  const layout = parameterLayout(method.parameters);
  const float = (...shape: number[]) => ({ shape, dtype: 'float32' as const });
  const compiled = await (await createEngine('tfjs-cpu')).compile(
    (inputs) => {
      const scope = trainingScope(splitFlat(inputs.parameters as Tensor1D, layout));
      const targets = method.memory!.target(scope, inputs.copyRows as Tensor2D, inputs.copyMap!);
      const earlier = { targets, queue: inputs.queue as Tensor2D };
      const [ofRows, ofMap] = grads((own, map) => method.objective(scope, own as Tensor2D, earlier, map))([
        inputs.rows!,
        inputs.map!,
      ]);
      return {
        loss: reshape(method.objective(scope, inputs.rows as Tensor2D, earlier, inputs.map!), [1]),
        ofRows: ofRows!,
        ofMap: ofMap!,
        targets,
        views: viewHead.forward(scope, inputs.rows!),
        copyViews: viewHead.forward(scope, inputs.copyRows!),
        places: placeHead.forward(scope, inputs.cells!),
        copyPlaces: placeHead.forward(scope, inputs.copyCells!),
      };
    },
    {
      parameters: float(layout.length),
      rows: float(VIEWS, FEATURES),
      map: float(VIEWS, CHANNELS, SIDE, SIDE),
      cells: float(VIEWS * PLACES, CHANNELS),
      copyRows: float(VIEWS, FEATURES),
      copyMap: float(VIEWS, CHANNELS, SIDE, SIDE),
      copyCells: float(VIEWS * PLACES, CHANNELS),
      queue: float(QUEUE, 2 * PROJECTED),
    },
  );
  const out = await compiled.run({
    parameters: startingParameters(layout, new Random(2)).map((x) => 2 * x),
    rows: flat(rows),
    map: mapOf(cells),
    cells: flat(cells),
    copyRows: flat(copyRows),
    copyMap: mapOf(copyCells),
    copyCells: flat(copyCells),
    queue: flat(queue),
  });
  const seen = (name: string) => rowsOf(out[name] as Float32Array, PROJECTED);
  return {
    loss: out.loss![0]!,
    /** The steepest slope of the loss, by the rows and by the map. */
    steepest: [out.ofRows, out.ofMap].map((slopes) => Math.max(...(slopes as Float32Array).map(Math.abs))),
    targets: rowsOf(out.targets as Float32Array, out.targets!.length / VIEWS),
    views: seen('views'),
    copyViews: seen('copyViews'),
    places: seen('places'),
    copyPlaces: seen('copyPlaces'),
  };
}

const otherView = (view: number): number => (view + VIEWS / 2) % VIEWS;

/** Equations 2 and 4, place by place. */
function byTheBook(seen: Awaited<ReturnType<typeof evaluate>>, temperature: number) {
  const views = seen.views.map((query, view) =>
    infoNce(
      query,
      seen.copyViews[otherView(view)]!,
      queue.map((row) => row.subarray(0, PROJECTED)),
      temperature,
    ),
  );
  const places = seen.places.map((query, at) => {
    const first = otherView(Math.floor(at / PLACES)) * PLACES;
    let best = first;
    for (let j = first; j < first + PLACES; j++)
      if (cosine(cells[at]!, copyCells[j]!) > cosine(cells[at]!, copyCells[best]!)) best = j;
    return infoNce(
      query,
      seen.copyPlaces[best]!,
      queue.map((row) => row.subarray(PROJECTED)),
      temperature,
    );
  });
  return { views: meanOf(views), places: meanOf(places) };
}

describe('DenseCL', () => {
  it.each([
    [0.1, 0.5],
    [0.2, 1],
    [1, 0.3],
  ])('agrees with the paper at temperature %d and share %d', async (temperature, share) => {
    const seen = await evaluate({ temperature, share });
    const { views, places } = byTheBook(seen, temperature);

    expect(seen.loss).toBeCloseTo((1 - share) * views + share * places, 4);
    expect(Math.abs(views - places)).toBeGreaterThan(0.01);
  });

  it('is Momentum Contrast where places have no share', async () => {
    const seen = await evaluate({ temperature: 0.2, share: 0 });

    expect(seen.loss).toBeCloseTo(byTheBook(seen, 0.2).views, 4);
  });

  it('moves the map for the sake of places, and the rows for that of views', async () => {
    const [views, places] = [await evaluate({ share: 0 }), await evaluate({ share: 1 })];

    expect(views.steepest[0]).toBeGreaterThan(0.01);
    expect(views.steepest[1]).toBe(0);
    expect(places.steepest[0]).toBe(0);
    expect(places.steepest[1]).toBeGreaterThan(0.01);
  });

  it('queues the view and the mean of its places, both of unit length', async () => {
    const { targets, copyViews, copyPlaces } = await evaluate({});

    for (const [view, row] of targets.entries()) {
      const [ofView, ofPlaces] = [row.subarray(0, PROJECTED), row.subarray(PROJECTED, 2 * PROJECTED)];
      expect([dot(ofView, ofView), dot(ofPlaces, ofPlaces)].map((x) => Math.round(x * 1e4) / 1e4)).toEqual([1, 1]);
      expect(cosine(ofView, copyViews[view]!)).toBeCloseTo(1, 4);
      expect(cosine(ofPlaces, meanRow(copyPlaces.slice(view * PLACES, (view + 1) * PLACES)))).toBeCloseTo(1, 4);
    }
  });

  it('averages a map that is larger than the grid', async () => {
    const [fine, coarse] = [await evaluate({ share: 1 }), await evaluate({ share: 1, grid: 1 })];

    expect(fine.targets[0]).toHaveLength(2 * PROJECTED + PLACES * (PROJECTED + CHANNELS));
    expect(coarse.targets[0]).toHaveLength(2 * PROJECTED + PROJECTED + CHANNELS);
    expect(coarse.loss).not.toBeCloseTo(fine.loss, 2);
  });

  it('starts with a queue whose keys have unit length, the one beside the other', () => {
    const encoder = ARCHITECTURES.residual.build({ width: 0.25 }, [1, 16, 16]);
    const { width: features, mapChannels } = encoder;
    const method = METHODS['dense-cl'].build({ projection: 8, queue: 20 }, { features, mapChannels, loss });
    const student = learner(encoder, method, { mean: [0], deviation: [1] });
    const network = {
      parameters: new Float32Array(student.layout.length),
      statistics: new Float32Array(student.statisticsLayout.length),
    };
    const started = startingMemory(student, network, new Random(1)).queue!;

    expect(started).toHaveLength(20 * 16);
    for (const key of rowsOf(started, 8)) expect(dot(key, key)).toBeCloseTo(1, 5);
  });

  it('refuses a network that keeps no map', () => {
    expect(() => METHODS['dense-cl'].build({}, { features: FEATURES, loss })).toThrow(/"dense-cl".*no map/);
  });

  it('refuses a step in parts', async () => {
    const shape = { batch: 8, view: [1, 16, 16] };
    const encoder = ARCHITECTURES.residual.build({ width: 0.25 }, shape.view);
    const { width: features, mapChannels } = encoder;
    const method = METHODS['dense-cl'].build({}, { features, mapChannels, loss });
    const student = learner(encoder, method, { mean: [0], deviation: [1] });
    const optimiser = adamw({ weightDecay: 0, beta1: 0.9, beta2: 0.999, epsilon: 1e-3 });

    await expect(
      TwoPassStepper.compile(await createEngine('tfjs-cpu'), student, optimiser, shape, 2),
    ).rejects.toMatchObject({ code: 'SETTINGS_INVALID' });
  });
});
