import * as ort from 'onnxruntime-node';
import sharp from 'sharp';
import { defaultModelId, openRegistry } from '../src/app/stores.js';
import { demoCatalogue } from '../src/cli/demo-catalogue.js';
import { openWorld } from '../src/cli/world.js';
import { openOnnxEncoder } from '../src/encoder/onnx-encoder.js';
import { AppError } from '../src/errors.js';
import { Preparation } from '../src/images/preparation.js';
import { prepare } from '../src/images/prepare.js';
import { createEncoderEmbedder } from '../src/indexing/encoder-embedder.js';
import type { BenchOptions } from './main.js';
import { barred, figure, type Row } from './row.js';

const BATCH = 32;
const ROUNDS = 7;
const PICTURES = 1_024;

const median = (values: readonly number[]): number => [...values].sort((a, b) => a - b)[values.length >> 1]!;

async function timed(work: () => Promise<unknown>): Promise<number> {
  const from = performance.now();
  await work();
  return performance.now() - from;
}

/** Embedding through the served encoder, beside a bare ONNX Runtime loop over the same file, one thread each. */
export async function embed({ say }: BenchOptions): Promise<readonly Row[]> {
  const registry = openRegistry(openWorld());
  const modelId = await defaultModelId(registry);
  if (modelId === undefined) throw new AppError('MODEL_NOT_FOUND', { modelId: 'any' });
  const manifest = await registry.read(modelId);
  const preparation = Preparation.parse(manifest.preparation);
  const path = registry.path(modelId, 'encoder.onnx');
  say(`model ${modelId}`);

  const originals: Buffer[] = [];
  for await (const picture of (await demoCatalogue()).list()) {
    if (originals.length < PICTURES) originals.push(await picture.read());
  }
  const samples = await Promise.all(originals.map((original) => prepare(original, preparation)));

  const session = await ort.InferenceSession.create(path, {
    intraOpNumThreads: 1,
    interOpNumThreads: 1,
    extra: { session: { intra_op: { allow_spinning: '0' } } },
  });
  const encoder = await openOnnxEncoder(path, { threads: 1 });
  const embedder = createEncoderEmbedder({ modelId, encoder, prepare: (bytes) => prepare(bytes, preparation) });
  const dims = [BATCH, ...manifest.sample.shape];

  const bare = async (): Promise<void> => {
    for (let start = 0; start + BATCH <= samples.length; start += BATCH) {
      const joined = new Uint8Array(Buffer.concat(samples.slice(start, start + BATCH)));
      await session.run({ [session.inputNames[0]!]: new ort.Tensor('uint8', joined, dims) });
    }
  };
  const ours = async (): Promise<void> => {
    for (let start = 0; start + BATCH <= samples.length; start += BATCH) {
      await encoder.encode(samples.slice(start, start + BATCH));
    }
  };
  await bare();
  await ours();
  const ratios: number[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    const theirs = await timed(bare);
    ratios.push(theirs / (await timed(ours)));
    say(`round ${round + 1}: ${ratios.at(-1)!.toFixed(3)} of the bare loop`);
  }
  const jpegs = await Promise.all(
    originals.slice(0, 512).map((bytes) => sharp(bytes).flatten({ background: '#fff' }).jpeg().toBuffer()),
  );
  const seconds = (await timed(() => embedder.embed(jpegs))) / 1_000;
  await embedder.close();
  await session.release();
  return [
    barred('prepared/vs-bare-runtime', median(ratios), 'ratio', '>=', 0.6, {
      low: Math.min(...ratios),
      high: Math.max(...ratios),
    }),
    figure('files', jpegs.length / seconds, 'pictures/s'),
  ];
}
