import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { Random } from '../src/core/random.js';
import { residual } from '../src/encoder/architectures/residual.js';
import { startingParameters } from '../src/encoder/parameter-layout.js';
import { chooseLayout } from '../src/tensor/choose-layout.js';
import { createEngine } from '../src/tensor/create-engine.js';
import type { Values } from '../src/tensor/engine.js';
import { learner } from '../src/training/learner.js';
import { ntXent } from '../src/training/losses/nt-xent.js';
import { simclr } from '../src/training/methods/simclr.js';
import { adamw } from '../src/training/optimisers/adamw.js';
import { stepInputs, trainingStep } from '../src/training/training-step.js';
import { barred, figure, type Row } from './row.js';

export interface StepOptions {
  readonly seed: number;
  readonly say: (line: string) => void;
}

/** A network that is timed: rows of pictures (two views of half as many samples), and how it is built. */
interface Net {
  readonly rows: number;
  readonly view: readonly [number, number, number];
  readonly stages: readonly number[];
  readonly blocks: number;
  readonly fold: 1 | 2;
  readonly pool: number;
  readonly bars?: { readonly stock: number; readonly best: number };
}

const OURS = { stock: 1.1, best: 0.97 };
/** The first two are also timed in the plain layout. */
const NETS: Readonly<Record<string, Net>> = {
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
const PLAIN_NAMES: Readonly<Record<string, string>> = { 'demo-28': 'plain/28', 'demo-48rgb': 'plain/48rgb' };
const THREADS = 2;
const ROUNDS = 3;
const STEPS = 5;

/**
 * One SimCLR step (forward, NT-Xent, backward, AdamW) beside the same step in PyTorch, taking turns: as Debian ships it,
 * and at its best (channels last in both; tcmalloc and an optimiser without loops over tensors in the second).
 */
export async function step({ say }: StepOptions): Promise<readonly Row[]> {
  const torch = await torchVersion();
  say(torch ? `Beside PyTorch ${torch}, taking turns.` : `${PYTHON} has no torch here, so nothing stands beside.`);
  const allocator = await tcmalloc();
  if (torch && !allocator) say('tcmalloc is not here (libtcmalloc-minimal4), so the best of PyTorch is without it.');
  const { layout, why } = await chooseLayout();
  say(`Layout ${layout}: ${why}.`);
  const rows: Row[] = [];
  for (const [name, net] of Object.entries(NETS)) {
    const plainName = PLAIN_NAMES[name];
    const plain = plainName === undefined ? undefined : await compiledStep(net, 'plain');
    const blocked = await compiledStep(net, 'auto');
    const times: Record<'plain' | 'blocked' | 'stock' | 'best', number[]> = {
      plain: [],
      blocked: [],
      stock: [],
      best: [],
    };
    for (let round = 0; round < ROUNDS; round++) {
      if (plain) times.plain.push(...(await plain.times(STEPS)));
      times.blocked.push(...(await blocked.times(STEPS)));
      if (torch) times.stock.push(...(await torchTimes(net, { best: false })));
      if (torch) times.best.push(...(await torchTimes(net, { best: true, preload: allocator })));
    }
    await plain?.dispose();
    await blocked.dispose();
    say(
      `${name}: ${Object.entries(times)
        .map(([what, all]) => `${what} ${all.length ? (median(all) * 1000).toFixed(0) : '–'} ms`)
        .join(', ')}`,
    );
    if (plainName !== undefined) rows.push(rate(plainName, net, times.plain));
    rows.push(rate(`blocked/${name}`, net, times.blocked));
    if (!torch) continue;
    rows.push(versus(`blocked/${name}/vs-torch-stock`, times.stock, times.blocked, net.bars?.stock));
    rows.push(versus(`blocked/${name}/vs-torch-best`, times.best, times.blocked, net.bars?.best));
  }
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

async function compiledStep({ rows, view, stages, blocks, fold, pool }: Net, layout: 'auto' | 'plain') {
  const encoder = residual({ stages: [...stages], width: 1, blocks, fold, pool }, view);
  const method = simclr(
    { hidden: 128, projection: 64 },
    { features: encoder.width, loss: ntXent({ temperature: 0.2 }) },
  );
  const grey = Array.from({ length: view[0] }, () => 0.5);
  const all = learner(encoder, method, { mean: grey, deviation: grey.map(() => 0.25) });
  const optimiser = adamw({ weightDecay: 1e-4, beta1: 0.9, beta2: 0.999, epsilon: 1e-8 });
  const specs = stepInputs(all, optimiser, { batch: rows / 2, view });
  const engine = await createEngine('onnx', { threads: THREADS, layout });
  const compiled = await engine.compile(trainingStep(all, optimiser), specs);
  const random = new Random(1);
  const values: Values = Object.fromEntries(
    Object.entries(specs).map(([name, { shape }]) => {
      const length = shape.reduce((product, extent) => product * extent, 1);
      if (name === 'parameters') return [name, startingParameters(all.layout, random)];
      const fill = name === 'views' ? () => random.next() : () => (name.startsWith('scalar/') ? 1e-3 : 0);
      return [name, Float32Array.from({ length }, fill)];
    }),
  );
  await compiled.run(values); // the first run allocates
  const times = (count: number) => timed(count, () => compiled.run(values));
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

const run = promisify(execFile);
const PYTHON = '/usr/bin/python3'; // Debian's own, where python3-torch installs

async function torchVersion(): Promise<string | undefined> {
  try {
    return (await run(PYTHON, ['-c', 'import torch; print(torch.__version__)'])).stdout.trim();
  } catch {
    return undefined;
  }
}

/** Debian's tcmalloc, if it is installed. */
async function tcmalloc(): Promise<string | undefined> {
  const { stdout } = await run('sh', ['-c', 'ls /usr/lib/*/libtcmalloc_minimal.so.4 2>/dev/null | head -1']);
  return stdout.trim() || undefined;
}

async function torchTimes(
  net: Net,
  { best, preload }: { readonly best: boolean; readonly preload?: string | undefined },
): Promise<number[]> {
  const folder = await mkdtemp(join(tmpdir(), 'kindred-step-'));
  try {
    const file = join(folder, 'step.py');
    await writeFile(file, TORCH_STEP);
    const order = JSON.stringify({ ...net, steps: STEPS, threads: THREADS, best });
    const env = preload === undefined ? process.env : { ...process.env, LD_PRELOAD: preload };
    const { stdout } = await run(PYTHON, [file, order], { env });
    return JSON.parse(stdout.trim().split('\n').at(-1)!) as number[];
  } finally {
    await rm(folder, { recursive: true });
  }
}

/** The same network, loss and optimiser in PyTorch, channels last, which is its faster layout here. */
const TORCH_STEP = `
import json, sys, time, torch
from torch import nn
import torch.nn.functional as F
order = json.loads(sys.argv[1])
rows, (channels, height, width), fold, stages = order['rows'], order['view'], order['fold'], order['stages']
torch.set_num_threads(order['threads'])
class Unit(nn.Module):
    def __init__(self, i, o, s):
        super().__init__()
        self.c1, self.b1 = nn.Conv2d(i, o, 3, s, 1, bias=False), nn.BatchNorm2d(o)
        self.c2, self.b2 = nn.Conv2d(o, o, 3, 1, 1, bias=False), nn.BatchNorm2d(o)
        self.past = nn.Sequential(nn.Conv2d(i, o, 1, s, bias=False), nn.BatchNorm2d(o)) if s > 1 else nn.Identity()
    def forward(self, x):
        return F.relu(self.b2(self.c2(F.relu(self.b1(self.c1(x))))) + self.past(x))
units, last = [], stages[0]
for index, size in enumerate(stages):
    for depth in range(order['blocks']):
        units.append(Unit(last, size, 2 if index > 0 and depth == 0 else 1))
        last = size
net = nn.Sequential(nn.PixelUnshuffle(fold) if fold > 1 else nn.Identity(),
    nn.Conv2d(channels * fold * fold, stages[0], 3, 1, 1, bias=False), nn.BatchNorm2d(stages[0]), nn.ReLU(), *units,
    nn.AdaptiveAvgPool2d(order['pool']), nn.Flatten(), nn.Linear(last * order['pool'] ** 2, 128, bias=False),
    nn.BatchNorm1d(128), nn.ReLU(), nn.Linear(128, 64)).to(memory_format=torch.channels_last)
optimiser = torch.optim.AdamW(net.parameters(), 1e-3, weight_decay=1e-4, foreach=order['best'])
views = torch.rand(rows, channels, height, width).to(memory_format=torch.channels_last)
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

const median = (numbers: readonly number[]): number => numbers.toSorted((a, b) => a - b)[numbers.length >> 1]!;
