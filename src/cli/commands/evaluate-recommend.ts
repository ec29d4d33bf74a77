import { type JudgedProtocol, judgeProtocol, PROTOCOLS, type ProtocolName } from '../../app/judge-protocol.js';
import { createLearnTower } from '../../app/learn-tower.js';
import { rememberTowers } from '../../app/remember-towers.js';
import { Random } from '../../core/random.js';
import { AppError } from '../../errors.js';
import type { Interval } from '../../evaluation/interval.js';
import { codeEvents } from '../../recommend/behaviour/histories.js';
import { KIND_WEIGHTS } from '../../recommend/plan.js';
import { readEvents } from '../read-events.js';
import { type Register, runs } from '../runs.js';
import { createTable } from '../table.js';

const SEED = 1;
const HELP = `
EVENTS is a log of events as POST …/events takes them, one JSON object a line ({"userId", "itemId", "kind", "time"}), or
a CSV file with those columns. No server and no catalogue is needed. Events of people are held out, everything is learnt
from the rest, and every item that a person has not touched is ranked; ties count half.

  HR@10      is what was held out among the first 10?
  NDCG@10    the same, worth more the further up
  MRR        1 / rank, on average
  coverage   share of all items that anybody is shown
  novelty    how few people know what is shown, in bits

In brackets: where the figure lies in 95% of such groups of people. "over plain sum" is the difference of NDCG@10 on the
same people: where its brackets hold 0, the two can't be told apart.

Examples:
  $ kindred evaluate recommend events.ndjson
  $ kindred evaluate recommend events.csv --json
`;

/** `kindred evaluate recommend`, under the command it is given: what would recommendations from this log be worth? */
export const evaluateRecommend: Register = (evaluate) => {
  evaluate
    .command('recommend <events>')
    .description('Judge recommendation from behaviour on a log of events.')
    .option('--json', 'print the figures as JSON')
    .addHelpText('after', HELP)
    .action(
      runs(async (world, terminal, _flags, [path = '']) => {
        const { events, skipped, firstSkipped } = await readEvents(path);
        if (skipped > 0) terminal.say(`${skipped} of ${skipped + events.length} entries were skipped. ${firstSkipped}`);
        const { log } = codeEvents(events, { weights: KIND_WEIGHTS, ties: new Random(SEED) });
        const options = {
          progress: terminal.progress,
          signal: world.signal,
          learnTower: rememberTowers(createLearnTower(world)),
        };
        const judged: JudgedProtocol[] = [];
        let tooFew: AppError | undefined;
        for (const protocol of Object.keys(PROTOCOLS) as ProtocolName[]) {
          try {
            judged.push(await judgeProtocol(log, protocol, options));
          } catch (error) {
            // A log may be too short for one protocol and long enough for another.
            if (!(error instanceof AppError) || error.code !== 'EVENTS_TOO_FEW') throw error;
            tooFew ??= error;
            terminal.say(`${protocol}: ${error.message}`);
          }
        }
        if (judged.length === 0 && tooFew) throw tooFew;
        terminal.settle();
        const counts = { events: log.itemAt.length, people: log.people, items: log.items, skipped };
        const protocols = judged.map(({ perPerson: _, ...each }) => each);
        terminal.print(terminal.json ? JSON.stringify({ ...counts, protocols }) : judged.map(drawn).join('\n'));
        return 0;
      }),
    );
};

const withInterval = ({ mean, low, high }: Interval): string =>
  `${mean.toFixed(3)} (${low.toFixed(3)}–${high.toFixed(3)})`;

function drawn({ protocol, people, rows, blends }: JudgedProtocol): string {
  const head = [`${people} people`, 'HR@10', 'NDCG@10', 'MRR', 'over plain sum', 'coverage', 'novelty'];
  const table = createTable(head);
  for (const { what, hitRate, gain, reciprocalRank, gainOverPlainSum, coverage, novelty } of rows)
    table.push([
      what,
      withInterval(hitRate),
      withInterval(gain),
      reciprocalRank.mean.toFixed(3),
      what === 'plain-sum' ? '' : withInterval(gainOverPlainSum),
      coverage.toFixed(3),
      novelty.toFixed(1),
    ]);
  const learnt = blends.filter((blend) => blend.learnt).length;
  const how = learnt === 0 ? 'the plain sum: nothing better was found on earlier events' : 'learnt from earlier events';
  return `${protocol}: held out is ${PROTOCOLS[protocol].says}\n${table}\nThe blend's weights are ${how}.\n`;
}
