import { importSource } from '../../app/import-line.js';
import { reindex } from '../../app/index-line.js';
import { openStores } from '../../app/stores.js';
import { trainModel } from '../../app/training-line.js';
import { ARCHITECTURE_NAMES } from '../../encoder/architectures/index.js';
import { AppError } from '../../errors.js';
import { LOSS_NAMES } from '../../training/losses/index.js';
import { METHOD_NAMES } from '../../training/methods/index.js';
import { addBackboneFlags, type BackboneFlags, readBackboneFlags } from '../backbone-flags.js';
import { namedSource } from '../named-source.js';
import { type Register, runs } from '../runs.js';
import { saySkipped } from '../say-skipped.js';
import { saySpent } from '../say-spent.js';
import { watchedBy } from '../watched.js';

interface TrainFlags extends BackboneFlags {
  readonly minutes?: string;
  readonly epochs?: string;
  readonly steps?: string;
  readonly seed?: string;
  readonly size?: string;
  readonly width?: string;
  readonly pool?: string;
  readonly readout?: string;
  readonly architecture?: string;
  readonly batch?: string;
  readonly parts?: string;
  readonly rate?: string;
  readonly method?: string;
  readonly temperature?: string;
  readonly whitening?: string;
  readonly dimension?: string;
  readonly keep?: string;
  readonly patience?: string;
  readonly grey?: boolean;
  readonly views?: string;
  readonly from?: string;
  readonly resume?: boolean;
  readonly saveEvery?: string;
  readonly onlyModel?: boolean;
  readonly into: string;
  readonly name?: string;
  readonly optimiser?: string;
}

function parseJson(text: string, flag: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new AppError('SETTINGS_INVALID', { why: `✖ ${flag} wants JSON, for example --views '{"flip": 0}'.` });
  }
}

const given = (flags: Record<string, unknown>): Record<string, unknown> =>
  Object.fromEntries(Object.entries(flags).filter(([, value]) => value !== undefined));

const numeric = (text: string | undefined): number | undefined => (text === undefined ? undefined : Number(text));

const METHODS_AND_LOSSES = [...METHOD_NAMES, ...LOSS_NAMES.filter((name) => name !== 'nt-xent')];

/** The flags as `TrainingSettings` takes them; what they don't say has the defaults of the recipe. */
export function trainingSettings(flags: TrainFlags): Record<string, unknown> {
  const budgets = given({
    minutes: numeric(flags.minutes),
    epochs: numeric(flags.epochs),
    steps: numeric(flags.steps),
  });
  const architecture = given({
    width: numeric(flags.width),
    pool: numeric(flags.pool),
    readout: numeric(flags.readout),
  });
  return given({
    budget: Object.keys(budgets).length > 0 ? budgets : undefined,
    seed: numeric(flags.seed),
    batch: numeric(flags.batch),
    parts: numeric(flags.parts),
    checkpointSeconds: numeric(flags.saveEvery),
    learningRate: numeric(flags.rate),
    optimiser: flags.optimiser,
    whitening: flags.whitening,
    dimension: numeric(flags.dimension),
    keep: flags.keep,
    patience: numeric(flags.patience),
    ...methodSettings(flags),
    architecture: flags.architecture,
    architectureOptions: Object.keys(architecture).length > 0 ? architecture : undefined,
  });
}

/** `--method` names a method, or a loss that the method "simclr" minimises; the temperature is an option of whichever has one. */
function methodSettings({ method: name, temperature }: TrainFlags): Record<string, unknown> {
  const options = temperature === undefined ? {} : { temperature: Number(temperature) };
  if (name === undefined) return temperature === undefined ? {} : { lossOptions: options };
  const isMethod = name !== 'simclr' && (METHOD_NAMES as readonly string[]).includes(name);
  if (isMethod) return { method: name, methodOptions: options, loss: 'nt-xent', lossOptions: {} };
  const loss = name === 'simclr' ? 'nt-xent' : name;
  return { method: 'simclr', methodOptions: {}, loss, lossOptions: options };
}

const HELP = `
SOURCE is a folder of pictures (with all folders in it) or a manifest: .csv or .jsonl with a "path" or "url" a line.

Examples:
  $ kindred train ./pictures                        ten minutes, then import, index and activate
  $ kindred train ./pictures --minutes 60 --size 64
  $ kindred train ./pictures --only-model --name shoes --views '{"flip": 0}'
  $ kindred train ./photographs --backbone resnet18.onnx --backbone-licence BSD-3-Clause --backbone-size 128
  $ kindred train ./pictures --minutes 240 --keep best --patience 10
                                                    stop early, and take the best weights
  $ kindred train ./pictures --resume               go on where Ctrl-C or a power cut stopped it
`;

/** `kindred train`: pictures → encoder → registry, and unless `--only-model` also items → index → active release. */
export const train: Register = (program) => {
  const command = program
    .command('train <source>')
    .description('Learn an encoder from unlabelled pictures, index them and make them searchable.')
    .option('--minutes <n>', 'wall time to spend (10)')
    .option('--epochs <n>', 'instead: times through all pictures')
    .option('--steps <n>', 'instead: training steps')
    .option('--seed <n>', 'seed of all chance (1)')
    .option('--size <pixels>', 'side of the square the network sees (48)')
    .option('--architecture <name>', `network: ${ARCHITECTURE_NAMES.join(', ')} (${ARCHITECTURE_NAMES[0]})`)
    .option('--width <factor>', 'width of the network (1)')
    .option('--pool <n>', 'side of the map that the last one is averaged to: more tells more places apart (2)')
    .option('--readout <n>', 'last stages of the network that embeddings are made from (3)')
    .option('--batch <n>', 'pictures a step (128)')
    .option('--parts <n>', 'compute a step in so many parts, for batches that memory does not hold (1)')
    .option('--rate <x>', 'peak learning rate (0.003)')
    .option('--method <name>', `what is learnt from two views: ${METHODS_AND_LOSSES.join(', ')} (simclr)`)
    .option('--temperature <x>', 'temperature of the loss (0.2)')
    .option('--optimiser <name>', 'adamw or sgd')
    .option('--whitening <kind>', 'none, half or full')
    .option('--dimension <n>', 'numbers of an embedding at most (512)')
    .option(
      '--keep <which>',
      'publish the weights of the last step, or those that found the other view most often: last, best (last)',
    )
    .option('--patience <n>', 'end after n looks at the probe in a row that found the other view no more often (never)')
    .option('--grey', 'see pictures without colour')
    .option('--views <json>', 'strengths of the views, as docs/training.md explains')
    .option('--from <model>', 'go on from a published model, at its picture size or another')
    .option('--resume', 'go on from the checkpoint of an interrupted run')
    .option('--save-every <seconds>', 'time between checkpoints (60)')
    .option('--only-model', 'publish the model and stop there')
    .option('--into <collection>', 'collection to import into', 'default')
    .option('--name <name>', 'beginning of the model id')
    .option('--threads <n>', 'threads for training')
    .option('--data <folder>', 'folder of the catalogue and indexes (KINDRED_DATA)')
    .option('--models <folder>', 'folder of the models (KINDRED_MODELS)')
    .option('--json', 'print the outcome as JSON')
    .addHelpText('after', HELP);
  addBackboneFlags(command).action(
    runs<TrainFlags>(async (world, terminal, flags, [path = '']) => {
      const stores = await openStores(world);
      const work = watchedBy(world, terminal);
      let published: string | undefined;
      try {
        const source = await namedSource(world, stores, path);
        const foreign = await readBackboneFlags(flags);
        const { manifest, skipped, equal } = await trainModel(world, stores, {
          source,
          name: flags.name ?? flags.into,
          settings: { ...foreign?.settings, ...trainingSettings(flags) },
          backbone: foreign?.backbone,
          preparation: given({ size: numeric(flags.size), channels: flags.grey ? 1 : undefined }),
          ...(flags.views === undefined ? {} : { views: parseJson(flags.views, '--views') }),
          parent: flags.from,
          resume: flags.resume ?? false,
          work,
          say: (line) => terminal.say(line),
          command: ['kindred train', path, ...process.argv.slice(4)].join(' '),
        });
        published = manifest.modelId;
        terminal.settle();
        saySkipped(terminal, skipped);
        if (equal > 0) terminal.say(`${equal} pictures have the same pixels as another and were learnt from once.`);
        terminal.say(`Model ${manifest.modelId}: ${manifest.data.count} pictures, dimension ${manifest.dimension}.`);
        saySpent(terminal, manifest);
        if (flags.onlyModel) {
          terminal.print(
            terminal.json ? JSON.stringify({ modelId: manifest.modelId, spent: manifest.spent }) : manifest.modelId,
          );
          return 0;
        }
        await stores.catalogue.collections.put(flags.into, {});
        const imported = await importSource(stores, { collection: flags.into, source, work });
        const released = await reindex(world, stores, {
          collection: flags.into,
          modelId: manifest.modelId,
          origin: 'train',
          work,
        });
        terminal.settle();
        terminal.say(
          `Release ${released.releaseId}: ${released.items} items, recall@10 ${released.recall.toFixed(3)}.`,
        );
        if (terminal.json)
          terminal.print(
            JSON.stringify({
              ...released,
              imported: imported.stored,
              unchanged: imported.unchanged,
              spent: manifest.spent,
            }),
          );
        else terminal.say('Now run `kindred serve`.');
        return 0;
      } catch (cause) {
        if (cause instanceof AppError && cause.code === 'CANCELLED') {
          terminal.settle();
          terminal.say(
            published === undefined
              ? 'Stopped. Run the same command with --resume to go on from where it was.'
              : `Stopped. The model ${published} is published; the rest is: kindred items import ${path} --into ${flags.into}, then kindred index --collection ${flags.into} --model ${published}`,
          );
        }
        throw cause;
      } finally {
        await stores.close();
      }
    }),
  );
};
