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
import type { ModelManifest } from '../src/registry/registry.js';
import type { BenchOptions } from './main.js';
import { barred, figure, type Row } from './row.js';
import { runTorch, tcmalloc, torchVersion } from './torch.js';

const BATCH = 32;
const ROUNDS = 7;
const PICTURES = 1_024;
/** Side of what stands for photographs. */
const SIDE = 1_800;
const PHOTOGRAPHS = 96;

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
  const beside = await besidePyTorch(manifest, samples.length, ours, say);
  const photographs = await photographLike(originals.slice(0, PHOTOGRAPHS));
  say(`${photographs.length} JPEGs of ${(photographs[0]!.length / 1_000).toFixed(0)} kB`);
  const decoding: number[] = [];
  let files = 0;
  const decode = () =>
    Promise.all(photographs.map((bytes) => sharp(bytes).resize(preparation.size, preparation.size).raw().toBuffer()));
  for (let round = 0; round < 3; round++) {
    const alone = await timed(decode);
    const embedded = await timed(() => embedder.embed(photographs));
    decoding.push(alone / embedded);
    files = Math.max(files, photographs.length / (embedded / 1_000));
  }
  await embedder.close();
  await session.release();
  return [
    ...beside,
    barred('prepared/vs-bare-runtime', median(ratios), 'ratio', '>=', 0.85, {
      low: Math.min(...ratios),
      high: Math.max(...ratios),
    }),
    figure('files', files, 'pictures/s'),
    barred('files/vs-sharp-alone', median(decoding), 'ratio', '>=', 0.85, {
      low: Math.min(...decoding),
      high: Math.max(...decoding),
    }),
  ];
}

/** Time of the same network in PyTorch, eager, over ours: one thread each, from the same bytes. */
async function besidePyTorch(
  { sample, dimension, settings }: ModelManifest,
  count: number,
  ours: () => Promise<void>,
  say: BenchOptions['say'],
): Promise<Row[]> {
  const torch = await torchVersion();
  if (torch === undefined) {
    say('There is no PyTorch here (python3-torch): nothing stands beside.');
    return [];
  }
  const { architecture, architectureOptions } = settings.training as Record<string, unknown>;
  if (architecture !== 'residual') {
    say(`PyTorch has no twin of "${architecture}" here: nothing stands beside.`);
    return [];
  }
  const [height, width, channels] = sample.shape as [number, number, number];
  const net = { readout: 1, ...(architectureOptions as object), view: [channels, height, width], threads: 1 };
  const order = { ...net, dimension, batch: BATCH, count };
  const allocator = await tcmalloc();
  const [stock, best]: [number[], number[]] = [[], []];
  for (let round = 0; round < 3; round++) {
    const own = (await timed(ours)) / 1_000;
    stock.push((await runTorch<number>(TORCH_EMBED, order)) / own);
    best.push((await runTorch<number>(TORCH_EMBED, order, allocator)) / own);
  }
  const range = (ratios: readonly number[]) => ({ low: Math.min(...ratios), high: Math.max(...ratios) });
  return [
    barred('prepared/vs-torch-eager', median(stock), 'ratio', '>=', 1.5, range(stock)),
    figure('prepared/vs-torch-eager-tcmalloc', median(best), 'ratio', range(best)),
  ];
}

const TORCH_EMBED = `
class Read(nn.Module):
    def __init__(self):
        super().__init__()
        each, parts = order['blocks'], list(encoder(order))
        units = parts[4:-2]
        self.stem = nn.Sequential(*parts[:4])
        self.stages = nn.ModuleList(nn.Sequential(*units[i:i + each]) for i in range(0, len(units), each))
    def forward(self, x):
        x, maps = self.stem(x), []
        for stage in self.stages:
            x = stage(x)
            maps.append(x)
        there = [F.adaptive_avg_pool2d(map, x.shape[2:]) for map in maps[-order['readout']:]]
        return torch.flatten(F.adaptive_avg_pool2d(torch.cat(there, 1), order['pool']), 1)
features = sum(order['stages'][-order['readout']:]) * order['pool'] ** 2
net = nn.Sequential(Read(), nn.Linear(features, order['dimension'])).eval().to(memory_format=torch.channels_last)
channels, height, width_ = order['view']
pixels = torch.randint(0, 255, (order['batch'], height, width_, channels), dtype=torch.uint8)
def run():
    with torch.no_grad():
        for _ in range(order['count'] // order['batch']):
            x = pixels.permute(0, 3, 1, 2).float().div(255).sub(0.5).div(0.3)
            F.normalize(net(x)).numpy()
run()
start = time.perf_counter(); run()
print(json.dumps(time.perf_counter() - start))
`;

/** JPEGs of about 300 kB: drawings, enlarged, with the noise of a camera. */
async function photographLike(originals: readonly Buffer[]): Promise<Buffer[]> {
  const noise = await sharp({
    create: {
      width: SIDE,
      height: SIDE,
      channels: 3,
      background: '#888',
      noise: { type: 'gaussian', mean: 128, sigma: 20 },
    },
  })
    .png()
    .toBuffer();
  return Promise.all(
    originals.map((bytes) =>
      sharp(bytes)
        .flatten({ background: '#fff' })
        .resize(SIDE, SIDE)
        .composite([{ input: noise, blend: 'soft-light' }])
        .jpeg({ quality: 80 })
        .toBuffer(),
    ),
  );
}
