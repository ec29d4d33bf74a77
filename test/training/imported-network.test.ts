import ort from 'onnxruntime-node';
import { describe, expect, it } from 'vitest';
import { readBackbone } from '../../src/encoder/imported/read-backbone.js';
import { OnnxEncoder } from '../../src/encoder/onnx-encoder.js';
import { readParameters, type SavedParameters, writeParameters } from '../../src/encoder/parameters-file.js';
import { createEngine } from '../../src/tensor/create-engine.js';
import type { TrainedEncoder } from '../../src/training/finish-encoder.js';
import { trainEncoder } from '../../src/training/train-encoder.js';
import { residualFile } from '../encoder/imported/networks.js';
import { toySamples, toyViews } from './toy-samples.js';

const SIZE = 32;
const file = residualFile();
const { saved } = readBackbone(file, { mean: [0.5], deviation: [0.5] });
const engine = await createEngine('onnx', { threads: 1 });
const samples = toySamples(48, SIZE, 3);

/** A short run, and the mean loss so far after each step. */
async function train(
  over: object,
  initial: SavedParameters = saved,
): Promise<{ trained: TrainedEncoder; losses: number[] }> {
  const losses: number[] = [];
  const trained = await trainEncoder({
    samples,
    views: toyViews(SIZE, 3),
    settings: {
      budget: { steps: 6 },
      architecture: initial.architecture,
      architectureOptions: initial.architectureOptions,
      methodOptions: { hidden: 16, projection: 8 },
      batch: 16,
      whitening: 'none',
      ...over,
    },
    engine,
    now: () => 0,
    initial: writeParameters(initial),
    progress: ({ note }) => {
      const loss = /loss ([\d.]+)/.exec(note ?? '')?.[1];
      if (loss) losses.push(Number(loss));
    },
  });
  return { trained, losses };
}

const change = (after: SavedParameters, name: string): number => {
  const [a, b] = [after.parameters[name]!.values, saved.parameters[name]!.values];
  return Math.hypot(...a.map((number, i) => number - b[i]!)) / Math.hypot(...b);
};

describe('training through a network from a file', () => {
  it('lowers the loss, and every weight of the network moves', async () => {
    const { trained, losses } = await train({ budget: { steps: 30 }, learningRate: 1e-3 });

    expect(losses.at(-1)!).toBeLessThan(0.8 * losses[0]!);
    const after = readParameters(trained.parameters);
    for (const name of Object.keys(saved.parameters)) expect(change(after, name), name).toBeGreaterThan(0);
    expect(trained.encoderParameters).toBe(
      Object.values(saved.parameters).reduce((sum, { values }) => sum + values.length, 0),
    );
  });

  it('lets the layers next to the pictures learn slower', async () => {
    const { trained } = await train({ firstLayerRate: 0.01 });
    const after = readParameters(trained.parameters);
    const [first, ...rest] = Object.keys(saved.parameters);
    const last = rest.find((name) => saved.parameters[name]!.shape.join() === '10,16')!;

    expect(change(after, first!)).toBeLessThan(0.25 * change(after, last)); // 0.01 and 0.4 of the rate
  });

  it('leaves a frozen network as it was, to the bit, and gives what the file gives', async () => {
    const { trained } = await train({ frozen: true });
    const after = readParameters(trained.parameters);
    for (const [name, { values }] of Object.entries(saved.parameters))
      expect(
        Buffer.compare(
          Buffer.from(
            after.parameters[name]!.values.buffer.slice(
              after.parameters[name]!.values.byteOffset,
              after.parameters[name]!.values.byteOffset + values.byteLength,
            ),
          ),
          Buffer.from(values.buffer),
        ),
      ).toBe(0);

    const encoder = await OnnxEncoder.open(trained.encoder);
    const pictures = [0, 1, 2].map((index) => samples.read(index));
    const found = await encoder.encode(pictures);
    await encoder.close();
    const session = await ort.InferenceSession.create(file, { logSeverityLevel: 3 });
    const planes = Float32Array.from({ length: 3 * 3 * SIZE * SIZE }, (_, i) => {
      const [n, channel, place] = [Math.floor(i / 3 / SIZE ** 2), Math.floor(i / SIZE ** 2) % 3, i % SIZE ** 2];
      return (pictures[n]![place * 3 + channel]! / 255 - 0.5) / 0.5;
    });
    const [rows] = Object.values(await session.run({ x: new ort.Tensor('float32', planes, [3, 3, SIZE, SIZE]) }));
    await session.release();
    found.forEach((vector, n) => {
      const row = (rows!.data as Float32Array).subarray(n * 10, n * 10 + 10);
      const length = Math.hypot(...row);
      vector.forEach((number, i) => {
        expect(number).toBeCloseTo(row[i]! / length, 4);
      });
    });
  });

  it('goes on from what it made, without the file', async () => {
    const once = readParameters((await train({})).trained.parameters);
    const twice = readParameters((await train({}, once)).trained.parameters);
    const thawed = readParameters((await train({ frozen: true }, twice)).trained.parameters);

    const [name] = Object.keys(saved.parameters) as [string];
    expect(change(twice, name)).toBeGreaterThan(change(once, name));
    expect(thawed.parameters[name]).toEqual(twice.parameters[name]);
  });

  it('refuses to freeze what has learnt nothing, and to import nothing', async () => {
    const run = (settings: object) =>
      trainEncoder({ samples, views: toyViews(SIZE, 3), settings, engine, now: () => 0 });
    await expect(run({ frozen: true, batch: 16 })).rejects.toMatchObject({ code: 'SETTINGS_INVALID' });
    await expect(run({ architecture: 'imported', batch: 16 })).rejects.toMatchObject({ code: 'SETTINGS_INVALID' });
  });
});
