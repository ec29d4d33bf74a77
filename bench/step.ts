import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { Random } from '../src/core/random.js';
import { residual } from '../src/encoder/architectures/residual.js';
import { startingParameters } from '../src/encoder/parameter-layout.js';
import { createEngine } from '../src/tensor/create-engine.js';
import type { Values } from '../src/tensor/engine.js';
import { learner } from '../src/training/learner.js';
import { ntXent } from '../src/training/losses/nt-xent.js';
import { simclr } from '../src/training/methods/simclr.js';
import { adamw } from '../src/training/optimisers/adamw.js';
import { stepInputs, trainingStep } from '../src/training/training-step.js';
import { figure, type Row } from './row.js';

export interface StepOptions {
  readonly threads?: number;
  /** Steps that are timed in each round; rounds of ours and of PyTorch take turns. */
  readonly steps?: number;
  readonly rounds?: number;
  readonly say?: (line: string) => void;
}
/** Rows of pictures: 512 of 28×28×1 are 256 samples in two views. */
const SIZES = [
  { what: 'plain/28', rows: 512, view: [1, 28, 28] },
  { what: 'plain/48rgb', rows: 256, view: [3, 48, 48] },
] as const;
type Size = (typeof SIZES)[number];

/** Pictures a second through one SimCLR step (forward, NT-Xent, backward, AdamW), beside the same step in PyTorch. */
export async function step({
  threads = 2,
  steps = 8,
  rounds = 2,
  say = () => {},
}: StepOptions = {}): Promise<readonly Row[]> {
  const torch = await torchVersion();
  say(torch ? `Beside PyTorch ${torch}, taking turns.` : `${PYTHON} has no torch here, so nothing stands beside.`);
  const rows: Row[] = [];
  for (const size of SIZES) {
    const ours = await compiledStep(size, threads);
    const [mine, theirs]: [number[], number[]] = [[], []];
    for (let round = 0; round < rounds; round++) {
      mine.push(...(await ours.times(steps)));
      if (torch) theirs.push(...(await torchTimes(size, steps, threads)));
    }
    await ours.dispose();
    rows.push(figure(size.what, size.rows / median(mine), 'pictures/s', range(size.rows, mine)));
    if (!torch) continue;
    rows.push(figure(`${size.what}/torch`, size.rows / median(theirs), 'pictures/s', range(size.rows, theirs)));
    rows.push(figure(`${size.what}/vs-torch`, median(theirs) / median(mine), 'ratio'));
  }
  return rows;
}

const range = (count: number, seconds: readonly number[]) => ({
  low: count / Math.max(...seconds),
  high: count / Math.min(...seconds),
});

async function compiledStep({ rows, view }: Size, threads: number) {
  const encoder = residual({ width: 1, blocks: 1, pool: 2 }, view);
  const method = simclr(
    { hidden: 128, projection: 64 },
    { features: encoder.width, loss: ntXent({ temperature: 0.2 }) },
  );
  const grey = Array.from({ length: view[0] }, () => 0.5);
  const all = learner(encoder, method, { mean: grey, deviation: grey.map(() => 0.25) });
  const optimiser = adamw({ weightDecay: 1e-4, beta1: 0.9, beta2: 0.999, epsilon: 1e-8 });
  const specs = stepInputs(all, optimiser, { batch: rows / 2, view });
  const engine = await createEngine('onnx', { threads });
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

async function torchTimes({ rows, view }: Size, steps: number, threads: number): Promise<number[]> {
  const folder = await mkdtemp(join(tmpdir(), 'kindred-step-'));
  try {
    const file = join(folder, 'step.py');
    await writeFile(file, TORCH_STEP);
    const { stdout } = await run(PYTHON, [file, ...[rows, ...view, steps, threads].map(String)]);
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
rows, channels, height, width, steps, threads = map(int, sys.argv[1:])
torch.set_num_threads(threads)
class Unit(nn.Module):
    def __init__(self, i, o, s):
        super().__init__()
        self.c1, self.b1 = nn.Conv2d(i, o, 3, s, 1, bias=False), nn.BatchNorm2d(o)
        self.c2, self.b2 = nn.Conv2d(o, o, 3, 1, 1, bias=False), nn.BatchNorm2d(o)
        self.past = nn.Sequential(nn.Conv2d(i, o, 1, s, bias=False), nn.BatchNorm2d(o)) if s > 1 else nn.Identity()
    def forward(self, x):
        return F.relu(self.b2(self.c2(F.relu(self.b1(self.c1(x))))) + self.past(x))
net = nn.Sequential(nn.PixelUnshuffle(2), nn.Conv2d(channels * 4, 32, 3, 1, 1, bias=False), nn.BatchNorm2d(32), nn.ReLU(),
    Unit(32, 32, 1), Unit(32, 64, 2), Unit(64, 128, 2), nn.AdaptiveAvgPool2d(2), nn.Flatten(),
    nn.Linear(512, 128, bias=False), nn.BatchNorm1d(128), nn.ReLU(), nn.Linear(128, 64)).to(memory_format=torch.channels_last)
optimiser = torch.optim.AdamW(net.parameters(), 1e-3, weight_decay=1e-4)
views = torch.rand(rows, channels, height, width).to(memory_format=torch.channels_last)
partners = (torch.arange(rows) + rows // 2) % rows
never = torch.eye(rows) * -1e9
def step():
    z = F.normalize(net(views))
    loss = F.cross_entropy(z @ z.T / 0.2 + never, partners)
    optimiser.zero_grad(); loss.backward(); optimiser.step()
step(); step()
times = []
for _ in range(steps):
    start = time.perf_counter(); step(); times.append(time.perf_counter() - start)
print(json.dumps(times))
`;

const median = (numbers: readonly number[]): number => numbers.toSorted((a, b) => a - b)[numbers.length >> 1]!;
