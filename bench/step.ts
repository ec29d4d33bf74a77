import { Random } from '../src/core/random.js';
import { residual } from '../src/encoder/architectures/residual.js';
import type { Block } from '../src/encoder/block.js';
import { readBackbone } from '../src/encoder/imported/read-backbone.js';
import { buildNetwork } from '../src/encoder/networks.js';
import { startingParameters } from '../src/encoder/parameter-layout.js';
import { copyParts, type SavedParameters } from '../src/encoder/parameters-file.js';
import { chooseLayout } from '../src/tensor/choose-layout.js';
import { createEngine } from '../src/tensor/create-engine.js';
import type { Values } from '../src/tensor/engine.js';
import { learner } from '../src/training/learner.js';
import { ntXent } from '../src/training/losses/nt-xent.js';
import { simclr } from '../src/training/methods/simclr.js';
import { adamw } from '../src/training/optimisers/adamw.js';
import { stepInputs, trainingStep } from '../src/training/training-step.js';
import { barred, figure, type Row } from './row.js';
import { runTorch, TORCH_RESNET18, tcmalloc, torchOnnx, torchVersion } from './torch.js';

export interface StepOptions {
  readonly seed: number;
  /** Networks whose name has this in it. */
  readonly only: string;
  readonly say: (line: string) => void;
}

/** A network that is timed: rows of pictures (two views of half as many samples), and how it is built here and there. */
interface Net {
  readonly rows: number;
  readonly view: readonly [number, number, number];
  readonly bars?: { readonly stock?: number; readonly best: number };
  /** What it begins with, where that is not drawn at random. */
  readonly saved?: SavedParameters;
  build(): Promise<Block>;
  /** Python behind `TORCH_NET` that defines `encoder(order)` and `width(order)` anew, and what `order` says of the network. */
  readonly torch: { readonly script: string; readonly order: object };
}

/** The small residual network, as it is here and as `TORCH_NET` has it. */
interface Residual {
  readonly rows: number;
  readonly view: readonly [number, number, number];
  readonly stages: readonly number[];
  readonly blocks: number;
  readonly fold: 1 | 2;
  readonly pool: number;
  readonly bars?: Net['bars'];
}

const OURS = { stock: 1.1, best: 0.97 };
/** The first two are also timed in the plain layout. */
const RESIDUALS: Readonly<Record<string, Residual>> = {
  'demo-28': { rows: 512, view: [1, 28, 28], stages: [32, 64, 128], blocks: 1, fold: 2, pool: 2 },
  'demo-48rgb': {
    rows: 256,
    view: [3, 48, 48],
    stages: [32, 64, 128],
    blocks: 1,
    fold: 2,
    pool: 2,
    bars: { stock: 1.2, best: 1.0 },
  },
  'res-32-64-128': { rows: 512, view: [1, 28, 28], stages: [32, 64, 128], blocks: 1, fold: 1, pool: 1, bars: OURS },
  'res-32-64-128-x2': { rows: 512, view: [1, 28, 28], stages: [32, 64, 128], blocks: 2, fold: 1, pool: 1, bars: OURS },
  'rgb-32': { rows: 512, view: [3, 32, 32], stages: [32, 64, 128], blocks: 1, fold: 1, pool: 1, bars: OURS },
  'res-16-32-64': { rows: 512, view: [1, 28, 28], stages: [16, 32, 64], blocks: 1, fold: 1, pool: 1, bars: OURS },
  's2d-64-128': { rows: 512, view: [1, 28, 28], stages: [64, 128], blocks: 1, fold: 2, pool: 1, bars: OURS },
  's2d-32-64-x2': { rows: 512, view: [1, 28, 28], stages: [32, 64], blocks: 2, fold: 2, pool: 1, bars: OURS },
};
/** Rows of an imported ResNet-18: of the default batch, and of one so small that its weights count more than its pictures. */
const RESNET18: Readonly<Record<string, Pick<Net, 'rows' | 'bars'>>> = {
  'resnet18-64': { rows: 256, bars: { best: 0.9 } },
  'resnet18-64-of-64': { rows: 64 },
};
const PLAIN_NAMES: Readonly<Record<string, string>> = { 'demo-28': 'plain/28', 'demo-48rgb': 'plain/48rgb' };
const ROUNDS = 2;
const STEPS = 4;

/**
 * One SimCLR step (forward, NT-Xent, backward, AdamW) beside the same step in PyTorch, taking turns: as Debian ships it,
 * and at its best (channels last in both; tcmalloc and an optimiser without loops over tensors in the second). With two
 * threads, then with one.
 */
export async function step({ only, say }: StepOptions): Promise<readonly Row[]> {
  const torch = await torchVersion();
  say(
    torch
      ? `Beside PyTorch ${torch}, taking turns.`
      : 'There is no PyTorch here (python3-torch): nothing stands beside.',
  );
  const allocator = await tcmalloc();
  if (torch && !allocator) say('tcmalloc is not here (libtcmalloc-minimal4), so the best of PyTorch is without it.');
  const { layout, why } = await chooseLayout();
  say(`Layout ${layout}: ${why}.`);
  const rows: Row[] = [];
  const asked = <T>(table: Readonly<Record<string, T>>) =>
    Object.entries(table).filter(([name]) => name.includes(only));
  const nets: [string, Net][] = asked(RESIDUALS).map(([name, net]) => [name, residualNet(net)]);
  // Its file is made by PyTorch, and so there is none without.
  if (torch) nets.push(...(await resnet18Nets(asked(RESNET18))));
  for (const threads of [2, 1])
    for (const [name, net] of nets) {
      const times = await timesOf(name, net, threads, { torch: torch !== undefined, allocator });
      const shown = Object.entries(times).filter(([, all]) => all.length > 0);
      say(
        `${name}, ${threads} threads: ${shown.map(([what, all]) => `${what} ${(median(all) * 1000).toFixed(0)} ms`).join(', ')}`,
      );
      rows.push(...rowsOf(name, net, threads, times));
    }
  return rows;
}

type Times = Record<'plain' | 'blocked' | 'stock' | 'best', number[]>;

async function timesOf(
  name: string,
  net: Net,
  threads: number,
  beside: { readonly torch: boolean; readonly allocator: string | undefined },
): Promise<Times> {
  const plain = name in PLAIN_NAMES && threads === 2 ? await compiledStep(net, 'plain', threads) : undefined;
  const blocked = await compiledStep(net, 'auto', threads);
  const times: Times = { plain: [], blocked: [], stock: [], best: [] };
  for (let round = 0; round < ROUNDS; round++) {
    if (plain) times.plain.push(...(await plain.times(STEPS)));
    times.blocked.push(...(await blocked.times(STEPS)));
    if (!beside.torch) continue;
    times.stock.push(...(await torchTimes(net, threads, false)));
    times.best.push(...(await torchTimes(net, threads, true, beside.allocator)));
  }
  await plain?.dispose();
  await blocked.dispose();
  return times;
}

/** Bars are for two threads; the rows of one thread say so. */
function rowsOf(name: string, net: Net, threads: number, times: Times): Row[] {
  const of = (what: string) => (threads === 1 ? `${what}/1-thread` : what);
  const bars = threads === 1 ? undefined : net.bars;
  const rows: Row[] = [];
  if (times.plain.length > 0) rows.push(rate(PLAIN_NAMES[name]!, net, times.plain));
  const ours = name in RESNET18 ? `imported/${name}` : `blocked/${name}`;
  rows.push(rate(of(ours), net, times.blocked));
  if (times.stock.length === 0) return rows;
  rows.push(versus(of(`${ours}/vs-torch-stock`), times.stock, times.blocked, bars?.stock));
  rows.push(versus(of(`${ours}/vs-torch-best`), times.best, times.blocked, bars?.best));
  return rows;
}

const rate = (what: string, { rows }: Net, seconds: readonly number[]): Row =>
  figure(what, rows / median(seconds), 'pictures/s', {
    low: rows / Math.max(...seconds),
    high: rows / Math.min(...seconds),
  });

/** Their time over ours; the interval is that of the rounds. */
function versus(what: string, theirs: readonly number[], ours: readonly number[], bar: number | undefined): Row {
  const parts = Array.from({ length: ROUNDS }, (_, round) => {
    const of = (all: readonly number[]) => median(all.slice(round * STEPS, (round + 1) * STEPS));
    return of(theirs) / of(ours);
  });
  const range = { low: Math.min(...parts), high: Math.max(...parts) };
  const ratio = median(theirs) / median(ours);
  return bar === undefined ? figure(what, ratio, 'ratio', range) : barred(what, ratio, 'ratio', '>=', bar, range);
}

function residualNet({ stages, blocks, fold, pool, view, rows, bars }: Residual): Net {
  return {
    rows,
    view,
    ...(bars && { bars }),
    build: async () => residual({ stages: [...stages], width: 1, blocks, fold, pool, readout: 1 }, view),
    torch: { script: '', order: { stages, blocks, fold, pool } },
  };
}

/** ResNet-18 as it is exported for inference, imported as a user's backbone is, at each size that is asked for. */
async function resnet18Nets(sizes: readonly [string, Pick<Net, 'rows' | 'bars'>][]): Promise<[string, Net][]> {
  if (sizes.length === 0) return [];
  const { saved } = readBackbone(await torchOnnx(TORCH_RESNET18, [3, 64, 64]), { mean: [0.5], deviation: [0.25] });
  const net: Omit<Net, 'rows'> = {
    view: [3, 64, 64],
    saved,
    build: () => buildNetwork('imported', saved.architectureOptions, saved.shape, saved),
    torch: { script: TORCH_RESNET18, order: {} },
  };
  return sizes.map(([name, size]) => [name, { ...net, ...size }]);
}

async function compiledStep({ rows, view, build, saved }: Net, layout: 'auto' | 'plain', threads: number) {
  const encoder = await build();
  const method = simclr(
    { hidden: 128, projection: 64 },
    { features: encoder.width, loss: ntXent({ temperature: 0.2 }) },
  );
  const grey = Array.from({ length: view[0] }, () => 0.5);
  const all = learner(encoder, method, { mean: grey, deviation: grey.map(() => 0.25) });
  const optimiser = adamw({ weightDecay: 1e-4, beta1: 0.9, beta2: 0.999, epsilon: 1e-8 });
  const specs = stepInputs(all, optimiser, { batch: rows / 2, view });
  const engine = await createEngine('onnx', { threads, layout });
  const compiled = await engine.compile(trainingStep(all, optimiser), specs);
  const random = new Random(1);
  const parameters = startingParameters(all.layout, random);
  if (saved) copyParts(saved.parameters, parameters, all.layout, all.encoderLayout);
  const values: Values = Object.fromEntries(
    Object.entries(specs).map(([name, { shape }]) => {
      const length = shape.reduce((product, extent) => product * extent, 1);
      if (name === 'parameters') return [name, parameters];
      const fill = name === 'views' ? () => random.next() : () => (name.startsWith('scalar/') ? 1e-3 : 0);
      return [name, Float32Array.from({ length }, fill)];
    }),
  );
  let spare = await compiled.run(values); // the first run allocates
  const times = (count: number) =>
    timed(count, async () => {
      spare = await compiled.run(values, spare);
    });
  return { times, dispose: () => compiled.dispose() };
}

async function timed(count: number, work: () => Promise<unknown>): Promise<number[]> {
  const seconds: number[] = [];
  for (let i = 0; i < count; i++) {
    const start = performance.now();
    await work();
    seconds.push((performance.now() - start) / 1000);
  }
  return seconds;
}

/** SimCLR as `trainingStep` has it, over the network of `TORCH_NET`. */
const TORCH_STEP = `
net = nn.Sequential(encoder(order), nn.Linear(width(order), 128, bias=False), nn.BatchNorm1d(128), nn.ReLU(),
    nn.Linear(128, 64)).to(memory_format=torch.channels_last)
rows, (channels, height, width_) = order['rows'], order['view']
optimiser = torch.optim.AdamW(net.parameters(), 1e-3, weight_decay=1e-4, foreach=order['best'])
views = torch.rand(rows, channels, height, width_).to(memory_format=torch.channels_last)
partners = (torch.arange(rows) + rows // 2) % rows
never = torch.eye(rows) * -1e9
def step():
    z = F.normalize(net(views))
    loss = F.cross_entropy(z @ z.T / 0.2 + never, partners)
    optimiser.zero_grad(); loss.backward(); optimiser.step()
step(); step()
times = []
for _ in range(order['steps']):
    start = time.perf_counter(); step(); times.append(time.perf_counter() - start)
print(json.dumps(times))
`;

const torchTimes = (
  { rows, view, torch: { script, order } }: Net,
  threads: number,
  best: boolean,
  preload?: string,
): Promise<number[]> =>
  runTorch(script + TORCH_STEP, { ...order, rows, view, steps: STEPS, threads, best }, best ? preload : undefined);

const median = (numbers: readonly number[]): number => numbers.toSorted((a, b) => a - b)[numbers.length >> 1]!;
