import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { ViewSettings } from '../src/augment/index.js';
import { declareProbes, pixelEncoder, scoreProbes } from '../src/evaluation/probes.js';
import { FileRegistry } from '../src/registry/file-registry.js';
import { sharedEmoji } from './data/emoji.js';
import { shippedPool } from './data/shipped-pool.js';
import { heldOutDrawings, judgeEncoder } from './emoji-judge.js';
import { poolSamples } from './pool-samples.js';
import { trainEncoderFor } from './train-encoder-for.js';

/** The model and its weights must stay below this together, or the weights are not kept. */
const SHIPPED_BYTES = 8_000_000;

const HELP = `npx tsx bench/train-shipped.ts [--minutes 40] [--seed 1] [--whitening full] [--id kindred-drawings-3]
                              [--models ./models] [--settings '{"lossOptions": …}'] [--views '{"rotation": …}'] [--dry-run]

Trains the encoder that ships with the project on free drawings in sixteen styles, judges it on held-out codepoints and
on a style it has not seen, and publishes it to the models folder. With --dry-run it is judged and not published.
`;

const { values } = parseArgs({
  options: {
    minutes: { type: 'string', default: '40' },
    seed: { type: 'string', default: '1' },
    size: { type: 'string', default: '48' },
    whitening: { type: 'string', default: 'full' },
    settings: { type: 'string', default: '{}' },
    views: { type: 'string', default: '{}' },
    id: { type: 'string', default: 'kindred-drawings-3' },
    models: { type: 'string', default: './models' },
    'dry-run': { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
});

async function main(): Promise<void> {
  const [minutes, seed, size] = [Number(values.minutes), Number(values.seed), Number(values.size)];
  const more = JSON.parse(values.settings) as Record<string, unknown>;
  const views = ViewSettings.parse(JSON.parse(values.views));
  const say = (line: string): void => void process.stdout.write(`${line}\n`);
  const pool = await shippedPool(say);
  const training = await poolSamples(pool, size, say);
  const { samples, preparation } = training;
  const settings = { budget: { minutes }, seed, whitening: values.whitening, ...more };
  const { encoder, trained } = await trainEncoderFor(samples, settings, say, {
    metadata: { preparation: JSON.stringify(preparation) },
    views,
  });
  say(`trained: ${trained.steps} steps in ${trained.seconds.toFixed(0)} s, ${trained.encoder.length} bytes`);

  const emoji = await judgeEncoder(encoder, await heldOutDrawings(await sharedEmoji(), size));
  say(
    `held-out codepoints: R@1 ${emoji.all.recallAt1.toFixed(4)} over all pairs of styles, ` +
      `${emoji.unseen.recallAt1.toFixed(4)} with the unseen style; ` +
      `R@5 ${emoji.all.recallAt5.toFixed(4)} and ${emoji.unseen.recallAt5.toFixed(4)}`,
  );
  const every = Array.from({ length: samples.count }, (_, i) => samples.read(i).slice());
  const probes = declareProbes(every, samples.shape);
  const [probed, pixels] = [await scoreProbes(probes, encoder), await scoreProbes(probes, pixelEncoder(samples.shape))];
  say(`probe views found: ${probed.recall.toFixed(3)}; raw pixels ${pixels.recall.toFixed(3)}`);
  await encoder.close();
  training.close();
  if (values['dry-run']) return;

  const { version } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')) as {
    version: string;
  };
  const small = trained.encoder.length + trained.parameters.length < SHIPPED_BYTES;
  const manifest = await new FileRegistry(values.models).publish(
    {
      modelId: values.id,
      kindredVersion: version,
      createdAt: new Date().toISOString(),
      modality: 'image',
      dimension: trained.dimension,
      sample: { shape: [...samples.shape] },
      preparation,
      encoderParameters: trained.encoderParameters,
      data: {
        fingerprint: samples.fingerprint,
        count: samples.count,
        source: pool.source.description,
        skipped: training.skipped.length,
      },
      settings: { training: trained.settings, views, engine: 'onnx' },
      seed,
      parent: null,
      curve: [...trained.curve],
      scores: {
        ...trained.scores,
        probeRecall: probed.recall,
        probeRecallLow: probed.low,
        probeRecallHigh: probed.high,
        heldOutRecallAt1: emoji.all.recallAt1,
        unseenStyleRecallAt1: emoji.unseen.recallAt1,
        steps: trained.steps,
        seconds: trained.seconds,
      },
      baselines: { pixels: { probeRecall: pixels.recall } },
      command: `npx tsx bench/train-shipped.ts ${process.argv.slice(2).join(' ')}`.trim(),
      licence: 'Apache-2.0',
      credits: pool.credits.map(
        ({ set, author, licence, pictures }) => `${set} by ${author}, ${licence}: ${pictures} drawings`,
      ),
    },
    { encoder: trained.encoder, ...(small ? { parameters: trained.parameters } : {}) },
  );
  const bytes = manifest.encoder.sizeBytes + (manifest.parameters?.sizeBytes ?? 0);
  if (bytes > SHIPPED_BYTES) say(`The model has ${bytes} bytes: more than the ${SHIPPED_BYTES} that may ship.`);
  say(`published ${join(values.models, values.id)}: ${bytes} bytes`);
}

if (values.help) process.stdout.write(HELP);
else await main();
