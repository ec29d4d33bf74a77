import { spawn } from 'node:child_process';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import sharp from 'sharp';
import { demoCatalogue } from '../src/cli/demo-catalogue.js';
import { Random } from '../src/core/random.js';
import { sourceLoader } from '../src/core/start-process.js';
import type { BenchOptions } from './main.js';
import { barred, figure, type Row } from './row.js';

const ENTRY = new URL('../src/cli/main.ts', import.meta.url);
/** Of a picture's file, and of what the network sees. */
const SIDE = 32;
/** What parts are cut from. */
const WHOLE = 96;
const STEPS = 200;
/** For prepared pictures: a million of them take 2.9 GiB. */
const SAMPLES_MB = 128;
/** Pictures to compare with: few enough to be held. */
const FEW = 10_000;
/** Files in a folder. */
const FOLDER = 1_000;
const AT_ONCE = 32;

/**
 * `kindred train` on a folder of a million pictures, as a user starts it: the most memory it ever holds, beside a run on
 * ten thousand, where prepared pictures may take 128 MiB. Linux only: the peak is read from /proc.
 */
export async function scale({ pictures, seed, say }: BenchOptions): Promise<readonly Row[]> {
  const root = await mkdtemp(join(tmpdir(), 'kindred-scale-'));
  try {
    const measure = async (name: string, count: number) => {
      await writePictures(join(root, name), count, new Random(seed), say);
      const run = await trainOn(join(root, name), join(root, `${name}-data`));
      say(`${count} pictures: peak ${Math.round(run.peak)} MiB, prepared in ${Math.round(run.spent.decode)} s`);
      await rm(join(root, name), { recursive: true });
      return run;
    };
    const few = await measure('few', Math.min(FEW, pictures));
    const many = await measure('many', pictures);
    return [
      figure('scale/pictures', pictures, 'pictures'),
      figure('scale/prepared', pictures / many.spent.decode, 'pictures/s, each read and decoded once'),
      figure('scale/memory/few', few.peak, `MiB at the peak, ${Math.min(FEW, pictures)} pictures`),
      figure('scale/memory/all', many.peak, 'MiB at the peak'),
      barred('scale/memory/more', many.peak - few.peak, 'MiB', '<=', 1024),
      figure('scale/step-time', many.spent.step / few.spent.step, `ratio to ${Math.min(FEW, pictures)} pictures`),
    ];
  } finally {
    await rm(root, { recursive: true, force: true });
  }
}

/** Parts of drawings in changed brightness, no two alike but by chance, as small JPEG files. */
async function writePictures(folder: string, count: number, random: Random, say: (line: string) => void) {
  const wholes: Buffer[] = [];
  for await (const picture of (await demoCatalogue()).list()) {
    const whole = sharp(await picture.read()).resize(WHOLE, WHOLE);
    wholes.push(await whole.flatten({ background: '#fff' }).raw().toBuffer());
    if (wholes.length === 500) break;
  }
  for (let from = 0; from < count; from += FOLDER) {
    const inside = join(folder, String(from / FOLDER));
    await mkdir(inside, { recursive: true });
    for (let at = from; at < Math.min(count, from + FOLDER); at += AT_ONCE)
      await Promise.all(
        Array.from({ length: Math.min(AT_ONCE, count - at, from + FOLDER - at) }, async (_, i) => {
          const raw = { width: WHOLE, height: WHOLE, channels: 3 } as const;
          const left = random.int(WHOLE - SIDE);
          const top = random.int(WHOLE - SIDE);
          const bytes = await sharp(wholes[random.int(wholes.length)]!, { raw })
            .extract({ left, top, width: SIDE, height: SIDE })
            .linear(random.between(0.6, 1), random.between(0, 64))
            .jpeg({ quality: 80 })
            .toBuffer();
          await writeFile(join(inside, `${at + i}.jpg`), bytes);
        }),
      );
    if ((from / FOLDER) % 100 === 99) say(`${from + FOLDER} of ${count} pictures written`);
  }
}

/** Trains in a process of its own; the most it held in MiB (VmHWM), and where its time went. */
async function trainOn(pictures: string, data: string) {
  const options = ['--only-model', '--steps', String(STEPS), '--size', String(SIDE), '--width', '0.5', '--json'];
  const child = spawn(
    process.execPath,
    [...sourceLoader(ENTRY), fileURLToPath(ENTRY), 'train', pictures, ...options, '--data', data],
    {
      env: { ...process.env, KINDRED_MODELS: join(data, 'models'), KINDRED_SAMPLES_MB: String(SAMPLES_MB) },
      stdio: ['ignore', 'pipe', 'pipe'],
    },
  );
  let [said, answered, peak] = ['', '', 0];
  child.stderr.on('data', (chunk: Buffer) => {
    said = (said + chunk.toString()).slice(-4_000);
  });
  child.stdout.on('data', (chunk: Buffer) => {
    answered += chunk.toString();
  });
  const watch = setInterval(async () => {
    const status = await readFile(`/proc/${child.pid}/status`, 'utf8').catch(() => '');
    peak = Math.max(peak, Number(/VmHWM:\s+(\d+)/.exec(status)?.[1] ?? 0) / 1024);
  }, 250);
  const code = await new Promise<number | null>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', resolve);
  });
  clearInterval(watch);
  if (code !== 0) throw new Error(`Training ended with code ${code}:\n${said}`);
  const { spent } = JSON.parse(answered.trim().split('\n').at(-1)!) as { spent: Record<'decode' | 'step', number> };
  return { peak, spent };
}
