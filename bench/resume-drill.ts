import { randomUUID } from 'node:crypto';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { demoCatalogue } from '../src/cli/demo-catalogue.js';
import { Random } from '../src/core/random.js';
import { killedTraining, type Moment, momentsToKill, type Trained } from './killed-training.js';

/**
 * The drill of resuming: a training is killed (SIGKILL) at random moments of its life and gone on with until it is done.
 * Its weights must be those of a run that nobody disturbed, to the bit.
 */

const PICTURES = 96;
const STEPS = 150;
const ARGS = ['--size', '16', '--width', '0.5', '--batch', '32'];

const { values } = parseArgs({
  options: {
    rounds: { type: 'string', default: '20' },
    seed: { type: 'string', default: String(Number.parseInt(randomUUID().slice(0, 6), 16)) },
  },
});
const say = (line: string): void => void process.stdout.write(`${line}\n`);
const rounds = Number(values.rounds);
const random = new Random(Number(values.seed));
say(`Seed ${values.seed}`);

const root = await mkdtemp(join(tmpdir(), 'kindred-resume-'));
const pictures = join(root, 'pictures');
const train = (name: string, moments: readonly Moment[]): Promise<Trained> =>
  killedTraining({ pictures, folder: join(root, name), steps: STEPS, args: ARGS }, moments);

let kills = 0;
let resumed = 0;
let different = 0;
try {
  await mkdir(pictures);
  let count = 0;
  for await (const picture of (await demoCatalogue()).list()) {
    if (count++ === PICTURES) break;
    await writeFile(join(pictures, `${picture.itemId}.webp`), await picture.read());
  }
  const whole = await train('whole', []);
  say(`undisturbed: ${(whole.milliseconds / 1000).toFixed(1)} s, weights ${whole.parameters.slice(0, 16)}`);
  for (let round = 1; round <= rounds; round++) {
    const run = await train(`round-${round}`, momentsToKill(random, whole.milliseconds));
    const equal = run.parameters === whole.parameters && run.encoder === whole.encoder;
    kills += run.kills;
    resumed += run.resumedAt.filter((step) => step > 0).length;
    if (!equal) different++;
    say(
      `round ${round}/${rounds}: ${run.kills} kills, went on from ${run.resumedAt.join(', ') || 'nothing'}: ${equal ? 'equal' : 'DIFFERENT'}`,
    );
  }
} finally {
  await rm(root, { recursive: true, force: true });
}
say(`${rounds} rounds, ${kills} kills, ${resumed} gone on with in the middle, ${different} with other weights`);
process.exitCode = different === 0 ? 0 : 1;
