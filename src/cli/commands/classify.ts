import type { Command } from 'commander';
import { type Classified, classifyFiles, type FittedClassifier, fitOnPictures } from '../../app/classifier-line.js';
import { openStores } from '../../app/stores.js';
import { chooseModel } from '../choose-model.js';
import { namedSource } from '../named-source.js';
import { type Register, runs } from '../runs.js';
import { saySkipped } from '../say-skipped.js';
import { watchedBy } from '../watched.js';
import { writeOut } from '../write-out.js';

const HELP = `
Two steps: fit learns your labels from a few sorted pictures, run names new ones. docs/evaluation.md explains the figures.

Examples:
  $ kindred classify fit ./sorted-pictures --out kinds.onnx
  $ kindred classify run kinds.onnx new-1.jpg new-2.jpg
`;

/** `kindred classify`: what is it, by names of one's own? */
export const classify: Register = (program) => {
  const command = program
    .command('classify')
    .description('Name pictures by labels of your own: fit a classifier on few of them, and run it.')
    .addHelpText('after', HELP);
  fitCommand(command);
  runCommand(command);
};

const FIT_HELP = `
SOURCE is a folder with a folder for each label, or a manifest (.csv or .jsonl) that has the label as a column; pictures
without a label are left out. Two pictures a label are needed, ten are a good start. The encoder stays as it is: what is
learnt is a small head behind it, which takes seconds.

With few labels and many pictures, name the others with --unlabelled: labels then spread from picture to picture among
those that are near to each other, and the head learns from all of them, if held-out pictures are named better so. Up to
20,000 are taken, evenly spaced; their folders and labels are not looked at.

FILE is encoder and head as one ONNX file that needs nothing else: picture bytes in, a confidence for each label out. Its
labels, picture size and calibration are in it, under the metadata key "kindred-classifier".

  right               how often it names pictures that it was not fitted on, in turns; what always naming the commonest
                      label would be right at is beside it
  calibration error   how far its confidence and how often it is right lie apart, on the same pictures; 0 is best

Examples:
  $ kindred classify fit ./sorted-pictures --out kinds.onnx
  $ kindred classify fit ./sorted-pictures --unlabelled ./pictures --out kinds.onnx
  $ kindred classify fit ./products.csv --label category --model shoes-20261101-1f3a --out kinds.onnx --json
`;

function fitCommand(command: Command): void {
  command
    .command('fit <source>')
    .description('Fit a classifier on labelled pictures, and write it as one ONNX file.')
    .requiredOption('--out <file>', 'the file to write')
    .option('--label <attribute>', 'the attribute that is the label', 'folder')
    .option('--unlabelled <source>', 'folder or manifest of further pictures to learn from, without labels')
    .option('--model <id>', 'the model whose encoder it is; the active one, or the one that ships')
    .option('--data <folder>', 'folder of the catalogue and caches (KINDRED_DATA)')
    .option('--models <folder>', 'folder of the models (KINDRED_MODELS)')
    .option('--json', 'print the figures as JSON')
    .addHelpText('after', FIT_HELP)
    .action(
      runs<{ out: string; label: string; unlabelled?: string; model?: string }>(
        async (world, terminal, flags, [path = '']) => {
          const stores = await openStores(world);
          try {
            const source = await namedSource(world, stores, path);
            const unlabelled =
              flags.unlabelled === undefined ? undefined : await namedSource(world, stores, flags.unlabelled);
            const modelId = await chooseModel(stores, flags.model);
            const work = watchedBy(world, terminal);
            const fitted = await fitOnPictures(world, stores, {
              source,
              label: flags.label,
              unlabelled,
              modelId,
              work,
            });
            terminal.settle();
            saySkipped(terminal, fitted.skipped);
            const file = await writeOut(flags.out, fitted.bytes);
            terminal.print(terminal.json ? JSON.stringify({ file, ...fitted.about }) : told(file, fitted));
          } finally {
            await stores.close();
          }
          return 0;
        },
      ),
    );
}

const SPREAD = (count: number) => `the labelled pictures, and ${count} others that labels spread to`;
const ALONE = (count: number) =>
  `the labelled pictures alone: with ${count} others, held-out ones were named no better`;

function told(file: string, { about: { labels, modelId, calibration, fitted } }: FittedClassifier): string {
  const { mean, low, high } = fitted.accuracy;
  return [
    `${fitted.pictures} pictures, ${labels.length} labels, encoder of ${modelId}`,
    ...(fitted.unlabelled > 0
      ? [`learnt from         ${fitted.spread ? SPREAD(fitted.unlabelled) : ALONE(fitted.unlabelled)}`]
      : []),
    `right               ${mean.toFixed(3)} (${low.toFixed(3)}–${high.toFixed(3)}); the commonest label: ${fitted.commonest.toFixed(3)}`,
    `calibration error   ${calibration.errorAfter.toFixed(3)}; without calibration: ${calibration.errorBefore.toFixed(3)}`,
    file,
  ].join('\n');
}

const RUN_HELP = `
Prints label and confidence of each picture, in the order given. The confidence is calibrated: of many pictures that it is
0.8 sure of, about 80 in 100 should be right, as long as they are of the kind that it was fitted on. A picture of something
else gets one of the labels too. With --json, one line a picture: file, label, confidence, and the confidence of each label.

Example:
  $ kindred classify run kinds.onnx new/*.jpg --json > labels.jsonl
`;

function runCommand(command: Command): void {
  command
    .command('run <classifier> <pictures...>')
    .description('Name picture files: label and confidence.')
    .option('--json', 'print a JSON line for each picture')
    .addHelpText('after', RUN_HELP)
    .action(
      runs(async (world, terminal, _flags, [path = '', ...files]) => {
        const stores = await openStores(world);
        let failures = 0;
        try {
          for await (const found of classifyFiles(world, stores, path, files)) {
            failures += Number('error' in found);
            terminal.print(terminal.json ? asJson(found) : inWords(found));
          }
        } finally {
          await stores.close();
        }
        return failures > 0 ? 1 : 0;
      }),
    );
}

const asJson = (found: Classified): string =>
  JSON.stringify(
    'error' in found ? { file: found.file, error: { code: found.error.code, message: found.error.message } } : found,
  );

const inWords = (found: Classified): string =>
  'error' in found
    ? `${found.file}  ${found.error.message}`
    : `${found.file}  ${found.label}  ${found.confidence.toFixed(3)}`;
