import { type ComparedPair, type Comparison, compareModels } from '../../app/comparison-line.js';
import { openStores } from '../../app/stores.js';
import { MEASURES, type Measure } from '../../evaluation/compare-outcomes.js';
import { namedSource } from '../named-source.js';
import { type Register, runs } from '../runs.js';
import { saySkipped } from '../say-skipped.js';
import { createTable } from '../table.js';
import { watchedBy } from '../watched.js';

const HELP = `
SOURCE is a folder with a folder for each label, or a manifest (.csv or .jsonl) that has the label as a column. All models
are asked about the same pictures, and their answers are compared picture by picture: that shows much smaller differences
than the intervals of \`kindred evaluate\` do. Models may take pictures of different sizes.

  by +.031 (+.012 to +.049)   right at 31 more of 1,000 pictures; in brackets, where that lies in 95% of such samples
  within chance               two equally good models would differ as much too often to tell (at 5% for all lines together)

docs/evaluation.md explains the figures.

Examples:
  $ kindred compare ./sorted-pictures --model kindred-drawings-3 --model shoes-20261101-1f3a
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

/** What is counted in each measure, in words. */
const COUNTS: Readonly<Record<Measure, string>> = {
  recallAt1: 'the first one is right',
  knn: 'the nearest 20 are right',
  linear: 'a linear classifier is right',
};

function told({ pictures, labels, models, pairs }: Comparison): string {
  const table = createTable([`${pictures} pictures, ${labels} labels`, 'R@1', 'kNN', 'linear']);
  for (const { modelId, right } of models)
    table.push([modelId, ...MEASURES.map((measure) => right[measure].toFixed(3))]);
  return [table.toString(), ...pairs.map(inWords)].join('\n');
}

/** Which of two is better, and then by how much in each measure. */
export function inWords({ models: [one, other], better, differences }: ComparedPair): string {
  const certain = MEASURES.filter((measure) => differences[measure].certain);
  const verdict =
    better !== null
      ? `${better} is better than ${better === one ? other : one}.`
      : certain.length > 0
        ? `Each of ${one} and ${other} is better at something.`
        : `Between ${one} and ${other}, the difference is within chance.`;
  const lines = MEASURES.map((measure) => {
    const { mean, low, high, certain: isCertain } = differences[measure];
    const [ahead, least, most] = mean < 0 ? [other, -high, -low] : [one, low, high];
    const who = mean === 0 ? 'equally often' : `more often with ${ahead}, by ${signed(Math.abs(mean))}`;
    return `  ${COUNTS[measure]} ${who} (${signed(least)} to ${signed(most)})${isCertain ? '' : ', within chance'}`;
  });
  return [verdict, ...lines].join('\n');
}

/** +.031, −.004, 0. */
function signed(share: number): string {
  const digits = Math.abs(share).toFixed(3);
  return Number(digits) === 0 ? '0' : `${share < 0 ? '−' : '+'}${digits.replace(/^0/, '')}`;
}
