import { type Evaluation, evaluate as evaluateModels } from '../../app/evaluation-line.js';
import { openStores } from '../../app/stores.js';
import type { FewLabels } from '../../evaluation/few-labels.js';
import type { Interval } from '../../evaluation/interval.js';
import { chooseModel } from '../choose-model.js';
import { namedSource } from '../named-source.js';
import { type Register, runs } from '../runs.js';
import { saySkipped } from '../say-skipped.js';
import { createTable } from '../table.js';
import { watchedBy } from '../watched.js';
import { evaluateRecommend } from './evaluate-recommend.js';

const HELP = `
SOURCE is a folder with a folder for each label, or a manifest (.csv or .jsonl) that has the label as a column. Labels are
for judging only: no model has seen them. Every picture is a query among all the others.

  R@1, R@5   has the nearest (one of the nearest five) the same label?
  mAP        how far ahead of all others do pictures of the same label stand?
  kNN        is the label the majority among the nearest 20?
  linear     can a linear classifier that saw half of the pictures name the others?
  1%, 10%    can it, with so few labels of that half? Alone / where they spread to the half's other pictures. The mean of
             five draws; – where that is less than one a label.

Under the models stands what their networks give before they learn anything, and what pixels alone give. In brackets:
where the figure lies in 95% of such samples. docs/evaluation.md explains all of it.

Examples:
  $ kindred evaluate ./sorted-pictures
  $ kindred evaluate ./products.csv --label category --model kindred-drawings-3 --model shoes-20261101-1f3a
`;

/** `kindred evaluate`: is it any good? */
export const evaluate: Register = (program) => {
  const command = program
    .command('evaluate <source>')
    .description('Judge models on labelled pictures, beside what no learning gives.')
    .option('--label <attribute>', 'the attribute that is the label', 'folder')
    .option('--model <id...>', 'the models to judge; the active one, or the one that ships')
    .option('--data <folder>', 'folder of the catalogue and caches (KINDRED_DATA)')
    .option('--models <folder>', 'folder of the models (KINDRED_MODELS)')
    .option('--json', 'print the figures as JSON')
    .addHelpText('after', HELP)
    .action(
      runs<{ label: string; model?: string[] }>(async (world, terminal, flags, [path = '']) => {
        const stores = await openStores(world);
        try {
          const source = await namedSource(world, stores, path);
          const found = await evaluateModels(world, stores, {
            source,
            label: flags.label,
            models: flags.model ?? [await chooseModel(stores, undefined)],
            work: watchedBy(world, terminal),
          });
          terminal.settle();
          saySkipped(terminal, found.skipped);
          terminal.print(terminal.json ? JSON.stringify(found) : drawn(found));
        } finally {
          await stores.close();
        }
        return 0;
      }),
    );
  evaluateRecommend(command);
};

const withInterval = ({ mean, low, high }: Interval): string =>
  `${mean.toFixed(3)} (${low.toFixed(3)}–${high.toFixed(3)})`;

const inBothWays = (few: FewLabels | undefined): string =>
  few ? `${few.linear.toFixed(3)} / ${few.spread.toFixed(3)}` : '–';

function drawn({ pictures, labels, rows }: Evaluation): string {
  const head = [`${pictures} pictures, ${labels} labels`, 'R@1', 'R@5', 'mAP', 'kNN', 'linear', '10%', '1%'];
  const table = createTable(head);
  for (const { what, recallAt1, recallAt5, meanAveragePrecision, knn, linear, few } of rows)
    table.push([
      what,
      withInterval(recallAt1),
      recallAt5.toFixed(3),
      meanAveragePrecision.toFixed(3),
      withInterval(knn),
      withInterval(linear),
      ...[0.1, 0.01].map((share) => inBothWays(few.find((each) => each.share === share))),
    ]);
  return table.toString();
}
