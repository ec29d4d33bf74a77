import Table from 'cli-table3';
import { type Comparison, compareModels, type Difference } from '../../app/comparison-line.js';
import { openStores } from '../../app/stores.js';
import { namedSource } from '../named-source.js';
import { type Register, runs } from '../runs.js';
import { saySkipped } from '../say-skipped.js';
import { watchedBy } from '../watched.js';

const HELP = `
SOURCE is a folder with a folder for each label, or a manifest (.csv or .jsonl) that has the label as a column. All models
are asked about the same pictures, and their answers are compared picture by picture: much smaller differences show than
between the intervals of \`kindred evaluate\`. Models may take pictures of different sizes.

In brackets: where the difference lies in 95% of such samples. Where 0 lies inside, no difference can be told. Of many
comparisons one in twenty looks like a difference where there is none.

Examples:
  $ kindred compare ./sorted-pictures --model kindred-drawings-1 --model shoes-20261101-1f3a
  $ kindred compare ./products.csv --label category --model monday --model tuesday --json
`;

/** `kindred compare`: which one is better, and can that be told? */
export const compare: Register = (program) => {
  program
    .command('compare <source>')
    .description('Compare models on labelled pictures, picture by picture.')
    .requiredOption('--model <id...>', 'the models, two or more')
    .option('--label <attribute>', 'the attribute that is the label', 'folder')
    .option('--data <folder>', 'folder of the catalogue and caches (KINDRED_DATA)')
    .option('--models <folder>', 'folder of the models (KINDRED_MODELS)')
    .option('--json', 'print the figures as JSON')
    .addHelpText('after', HELP)
    .action(
      runs<{ label: string; model: string[] }>(async (world, terminal, { label, model }, [path = '']) => {
        const stores = await openStores(world);
        try {
          const source = await namedSource(world, stores, path);
          const work = watchedBy(world, terminal);
          const found = await compareModels(world, stores, { source, label, models: model, work });
          terminal.settle();
          saySkipped(terminal, found.skipped);
          terminal.print(terminal.json ? JSON.stringify(found) : told(found));
        } finally {
          await stores.close();
        }
        return 0;
      }),
    );
};

/** What each measure says of a model, in words. */
const SAYS: Readonly<Record<Difference['measure'], string>> = {
  recallAt1: 'finds the right one first',
  knn: 'is right by its neighbours',
  linear: 'is right with a linear classifier',
};

function told({ pictures, labels, models, differences }: Comparison): string {
  const table = new Table({ head: [`${pictures} pictures, ${labels} labels`, 'R@1', 'kNN', 'linear'] });
  for (const { modelId, right } of models)
    table.push([modelId, ...[right.recallAt1, right.knn, right.linear].map((share) => share.toFixed(3))]);
  return [table.toString(), ...differences.map(inWords)].join('\n');
}

/** One difference as a sentence. */
export function inWords({ better, worse, measure, difference, certain }: Difference): string {
  const { mean, low, high } = difference;
  const figures = `${signed(mean)} (${signed(low)} to ${signed(high)})`;
  return certain
    ? `${better} ${SAYS[measure]} more often than ${worse}: ${figures}`
    : `No difference can be told in how often ${better} or ${worse} ${SAYS[measure]}: ${figures}`;
}

/** +.031, −.004, 0. */
function signed(share: number): string {
  const digits = Math.abs(share).toFixed(3).replace(/^0/, '');
  return digits === '.000' ? '0' : `${share < 0 ? '−' : '+'}${digits}`;
}
