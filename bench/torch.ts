import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);
const PYTHON = '/usr/bin/python3'; // Debian's own, where python3-torch installs

/** The version of PyTorch that stands beside, or undefined where none is installed. */
export async function torchVersion(): Promise<string | undefined> {
  try {
    return (await run(PYTHON, ['-c', 'import torch; print(torch.__version__)'])).stdout.trim();
  } catch {
    return undefined;
  }
}

/** Debian's tcmalloc (libtcmalloc-minimal4), if it is installed: PyTorch is at its best with it. */
export async function tcmalloc(): Promise<string | undefined> {
  const { stdout } = await run('sh', ['-c', 'ls /usr/lib/*/libtcmalloc_minimal.so.4 2>/dev/null | head -1']);
  return stdout.trim() || undefined;
}

/** Runs a script behind `TORCH_NET`, with `order` as a dictionary; its last line is JSON. */
export async function runTorch<T>(script: string, order: object, preload?: string): Promise<T> {
  const folder = await mkdtemp(join(tmpdir(), 'kindred-torch-'));
  try {
    const file = join(folder, 'beside.py');
    await writeFile(file, TORCH_NET + script);
    const env = preload === undefined ? process.env : { ...process.env, LD_PRELOAD: preload };
    const { stdout } = await run(PYTHON, [file, JSON.stringify(order)], { env });
    return JSON.parse(stdout.trim().split('\n').at(-1)!) as T;
  } finally {
    await rm(folder, { recursive: true });
  }
}

/** `encoder(order)` of a script, as the ONNX file that PyTorch exports for any number of pictures of this shape. */
export async function torchOnnx(script: string, shape: readonly number[]): Promise<Uint8Array> {
  const folder = await mkdtemp(join(tmpdir(), 'kindred-torch-'));
  try {
    const path = join(folder, 'network.onnx');
    await runTorch(script + TORCH_EXPORT, { threads: 1, path, shape });
    return await readFile(path);
  } finally {
    await rm(folder, { recursive: true });
  }
}

const TORCH_EXPORT = `
torch.manual_seed(1)
torch.onnx.export(encoder(order).eval(), torch.zeros(2, *order['shape']), order['path'], input_names=['pixels'],
    output_names=['features'], dynamic_axes={'pixels': {0: 'n'}, 'features': {0: 'n'}}, opset_version=13)
print(json.dumps(True))
`;

/** ResNet-18 (He et al. 2015, arXiv:1512.03385) as it is once it is exported: batch norms are folded into convolutions. */
export const TORCH_RESNET18 = `
class Basic(nn.Module):
    def __init__(self, i, o, s):
        super().__init__()
        self.c1, self.c2 = nn.Conv2d(i, o, 3, s, 1), nn.Conv2d(o, o, 3, 1, 1)
        self.past = nn.Conv2d(i, o, 1, s) if s > 1 or i != o else nn.Identity()
    def forward(self, x):
        return F.relu(self.c2(F.relu(self.c1(x))) + self.past(x))
def width(order):
    return 512
def encoder(order):
    units, last = [], 64
    for size in [64, 128, 256, 512]:
        units += [Basic(last, size, 1 if size == 64 else 2), Basic(size, size, 1)]
        last = size
    return nn.Sequential(nn.Conv2d(3, 64, 7, 2, 3), nn.ReLU(), nn.MaxPool2d(3, 2, 1), *units,
        nn.AdaptiveAvgPool2d(1), nn.Flatten())
`;

/** The residual network in PyTorch. */
const TORCH_NET = `
import json, sys, time, torch
from torch import nn
import torch.nn.functional as F
order = json.loads(sys.argv[1])
torch.set_num_threads(order['threads'])
class Unit(nn.Module):
    def __init__(self, i, o, s):
        super().__init__()
        self.c1, self.b1 = nn.Conv2d(i, o, 3, s, 1, bias=False), nn.BatchNorm2d(o)
        self.c2, self.b2 = nn.Conv2d(o, o, 3, 1, 1, bias=False), nn.BatchNorm2d(o)
        self.past = nn.Sequential(nn.Conv2d(i, o, 1, s, bias=False), nn.BatchNorm2d(o)) if s > 1 else nn.Identity()
    def forward(self, x):
        return F.relu(self.b2(self.c2(F.relu(self.b1(self.c1(x))))) + self.past(x))
def width(order):
    return order['stages'][-1] * order['pool'] ** 2
def encoder(order):
    fold, stages = order['fold'], order['stages']
    units, last = [], stages[0]
    for index, size in enumerate(stages):
        for depth in range(order['blocks']):
            units.append(Unit(last, size, 2 if index > 0 and depth == 0 else 1))
            last = size
    return nn.Sequential(nn.PixelUnshuffle(fold) if fold > 1 else nn.Identity(),
        nn.Conv2d(order['view'][0] * fold * fold, stages[0], 3, 1, 1, bias=False), nn.BatchNorm2d(stages[0]), nn.ReLU(),
        *units, nn.AdaptiveAvgPool2d(order['pool']), nn.Flatten())
`;
