import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import { openPictures, type Pictures, portablePictures } from '../src/app/open-pictures.js';
import { VIEW_PRESETS } from '../src/augment/index.js';
import { demoCatalogue } from '../src/cli/demo-catalogue.js';
import { folderSource } from '../src/images/folder-source.js';
import { Preparation } from '../src/images/preparation.js';
import { prepareSamples } from '../src/images/prepare-samples.js';
import type { CurvePoint } from '../src/registry/registry.js';
import { createEngine } from '../src/tensor/create-engine.js';
import { type TrainingPlan, trainEncoder } from '../src/training/train-encoder.js';
import type { BenchOptions } from './main.js';
import { barred, figure, type Row } from './row.js';

const PICTURES = 256;
/** Of the pictures' files: a few hundred kilobytes each. */
const SIDE = 1_000;
const FLAT_STEPS = 2_000;
const MIB = 2 ** 20;

/** Drawings as JPEG files of the size that cameras and shops have. */
async function jpegFolder(folder: string): Promise<number> {
  await mkdir(folder, { recursive: true });
  const noise = { type: 'gaussian', mean: 128, sigma: 24 } as const;
  const grain = await sharp({ create: { width: SIDE, height: SIDE, channels: 3, background: '#888', noise } })
    .png()
    .toBuffer();
  let [count, bytes] = [0, 0];
  for await (const picture of (await demoCatalogue()).list()) {
    if (count === PICTURES) break;
    const jpeg = await sharp(await picture.read())
      .resize(SIDE, SIDE)
      .flatten({ background: '#fff' })
      .composite([{ input: grain, blend: 'soft-light' }])
      .jpeg({ quality: 85 })
      .toBuffer();
    await writeFile(join(folder, `${count++}.jpg`), jpeg);
    bytes += jpeg.length;
  }
  return bytes / count;
}

/** Of the time after the first point of the curve, by which the first epoch is over. */
function shareAfterFirst(points: readonly CurvePoint[], of: 'stepShare' | 'viewsShare' | 'judgeShare'): number {
  let [inside, all] = [0, 0];
  points.slice(1).forEach((point, before) => {
    const seconds = point.seconds - points[before]!.seconds;
    inside += point[of]! * seconds;
    all += seconds;
  });
  return inside / all;
}

/** Where the time of a training from files goes, what memory it takes beside what was foretold, and whether that grows. */
export async function training({ say, seed, minutes }: BenchOptions): Promise<readonly Row[]> {
  const root = await mkdtemp(join(tmpdir(), 'kindred-bench-'));
  try {
    const each = await jpegFolder(join(root, 'pictures'));
    say(`${PICTURES} JPEG files of ${Math.round(each / 1000)} kB on average`);
    const before = performance.now();
    const prepared = await prepareSamples(folderSource(join(root, 'pictures')), Preparation.parse({}), {
      cacheFolder: join(root, 'cache'),
    });
    const decoding = (performance.now() - before) / 1000;
    say(`prepared in ${decoding.toFixed(1)} s`);
    const { samples, table } = prepared;
    const engine = await createEngine('onnx', { threads: availableParallelism() });
    const pictures: Pictures = { table, shape: samples.shape, views: VIEW_PRESETS.colour, holdBytes: 0 };
    const run = async (settings: object, watch: Watch) =>
      trainEncoder({
        samples,
        views: openPictures(pictures).views,
        beside: { portable: portablePictures(pictures), threads: 1 },
        settings: { seed, ...settings },
        engine,
        now: () => performance.now(),
        checkpoints: join(root, 'checkpoints'),
        ...watch,
      });

    const [resident, points] = [process.memoryUsage.rss(), [] as CurvePoint[]];
    let plan: TrainingPlan | undefined;
    let most = 0;
    const trained = await run(
      { budget: { minutes }, checkpointSeconds: 10 },
      {
        onPlan: (planned) => {
          plan = planned;
        },
        onEpoch: (point) => points.push(point),
        progress: () => {
          most = Math.max(most, process.memoryUsage.rss());
        },
      },
    );

    const residents: number[] = [];
    await run(
      { budget: { steps: FLAT_STEPS }, batch: 32, architectureOptions: { width: 0.25 } },
      {
        progress: ({ stage, done }) => {
          if (stage === 'training' && done % 100 === 0) residents.push(process.memoryUsage.rss() / MIB);
        },
      },
    );
    prepared.close();
    const [early, late] = [Math.min(...residents.slice(2, 6)), Math.min(...residents.slice(-4))];
    say(`resident every 100 steps: ${residents.map(Math.round).join(' ')} MiB`);
    const share = (of: 'stepShare' | 'viewsShare' | 'judgeShare') => shareAfterFirst(points, of);
    const foretold = plan!.bytes! / MIB;
    const grown = (most - resident) / MIB;
    const { saving, spent, seconds } = trained;
    return [
      barred('files/step-share', share('stepShare'), 'share after the first point', '>=', 0.95),
      figure('files/views-share', share('viewsShare'), 'share waited for'),
      figure('files/judge-share', share('judgeShare'), 'share'),
      figure('files/decode', decoding, 'seconds, before the first step'),
      figure('save/milliseconds', saving.milliseconds, 'ms until a checkpoint is safe'),
      figure('save/share', spent.save / seconds, 'share of the time, one every 10 s'),
      figure('memory/foretold', foretold, 'MiB'),
      figure('memory/measured', grown, 'MiB more than before'),
      barred('memory/measured-vs-foretold', grown / foretold, 'ratio', '<=', 1.2),
      barred(`memory/growth-${FLAT_STEPS}-steps`, late - early, 'MiB', '<=', 16),
    ];
  } finally {
    await rm(root, { recursive: true, force: true });
  }
}

type Watch = Pick<Parameters<typeof trainEncoder>[0], 'onPlan' | 'onEpoch' | 'progress'>;
