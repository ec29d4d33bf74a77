import Table from 'cli-table3';
import { VariantRequest } from '../../api/contract/experiment-schemas.js';
import { parseJson } from '../../api/json-text.js';
import { parseWith } from '../../api/parse-with.js';
import { estimateApart } from '../../app/estimate-line.js';
import { openStores } from '../../app/stores.js';
import { type Attributes, EVENT_KINDS, type EventKind } from '../../catalogue/catalogue.js';
import { AppError } from '../../errors.js';
import type { Between } from '../../recommend/experiments/compare-rates.js';
import { type Register, runs } from '../runs.js';
import { watchedBy } from '../watched.js';

const HOUR_MS = 3_600_000;
const HELP = `
REQUEST is JSON with the fields that a variant of an experiment may have. Every answer of the log whose impressions have a
propensity is planned again that way, as people were then, and each impression weighs as much more or less as it would have
been shown more or less often. See docs/experiments.md.

Examples:
  $ kindred estimate '{"strategy": "popular"}'
  $ kindred estimate '{"explore": {"share": 0.2, "by": "thompson"}}' --success purchase --hours 72
`;

interface Flags {
  readonly collection: string;
  readonly success: string;
  readonly hours: string;
  readonly clip: string;
}

/** `kindred estimate`: what would another way of recommending have been worth? */
export const estimate: Register = (program) => {
  program
    .command('estimate <request>')
    .description('Estimate from logged impressions what another way of recommending would be worth.')
    .option('--collection <name>', 'which collection', 'default')
    .option('--success <kinds>', 'events that count as a success', 'click,like,cart,purchase')
    .option('--hours <n>', 'how soon after an impression', '24')
    .option('--clip <n>', 'weights beyond this are cut off in the clipped estimate', '10')
    .option('--json', 'print JSON')
    .addHelpText('after', HELP)
    .action(
      runs<Flags>(async (world, terminal, flags, [request = '']) => {
        const wishes = parseWith(VariantRequest, parseJson(Buffer.from(request)));
        const success = { kinds: kindsOf(flags.success), windowMs: positive('--hours', flags.hours) * HOUR_MS };
        const clip = positive('--clip', flags.clip);
        const stores = await openStores(world);
        try {
          const found = await estimateApart(world, stores, {
            collection: flags.collection,
            // It came as JSON, so it is JSON.
            wishes: wishes as unknown as Attributes,
            success,
            clip,
            work: watchedBy(world, terminal),
          });
          terminal.settle();
          if (terminal.json) {
            terminal.print(JSON.stringify(found));
            return 0;
          }
          const { answers, impressions, people, skipped, coverage, effective, warnings } = found;
          const table = new Table({ head: ['successes an impression', 'estimate', '95% of the time'] });
          table.push(
            row('as it was shown', found.shown),
            row('the other way (SNIPS)', found.snips),
            row('the other way (IPS)', found.ips),
            row(`the other way (IPS, clipped at ${clip})`, found.clipped),
          );
          terminal.print(table.toString());
          terminal.say(
            `${impressions} impressions of ${people} people in ${answers} answers (${skipped} could not be planned again), worth ${effective.toFixed(0)} of the other way's own; ${(100 * coverage).toFixed(0)}% of what it shows is covered.`,
          );
          for (const warning of warnings) terminal.say(warning);
        } finally {
          await stores.close();
        }
        return 0;
      }),
    );
};

const row = (what: string, { value, low, high }: Between): string[] => [
  what,
  value.toFixed(4),
  `${low.toFixed(4)} to ${high.toFixed(4)}`,
];

function kindsOf(text: string): EventKind[] {
  const kinds = text.split(',').map((part) => part.trim());
  const wrong = kinds.filter((kind) => kind === 'impression' || !EVENT_KINDS.includes(kind as EventKind));
  if (wrong.length > 0)
    throw new AppError('REQUEST_INVALID', { why: `No event that could be a success: ${wrong.join(', ')}.` });
  return kinds as EventKind[];
}

function positive(flag: string, text: string): number {
  const value = Number(text);
  if (!(value > 0 && Number.isFinite(value)))
    throw new AppError('REQUEST_INVALID', { why: `${flag} is a positive number, not "${text}".` });
  return value;
}
