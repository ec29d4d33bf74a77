import { judgeProtocol } from '../src/app/judge-protocol.js';
import { Random } from '../src/core/random.js';
import { interval } from '../src/evaluation/interval.js';
import { judgeRankers } from '../src/evaluation/judge-rankers.js';
import { remembering } from '../src/recommend/behaviour/fit-sources.js';
import { type Histories, historyOf, mergeTouches, occurrencesOf } from '../src/recommend/behaviour/histories.js';
import { type HeldOut, holdOutLast } from '../src/recommend/behaviour/hold-out.js';
import { plainSum } from '../src/recommend/behaviour/plain-sum.js';
import { type Ranker, type Source, sharing } from '../src/recommend/behaviour/source.js';
import { cooccurrenceWith } from '../src/recommend/behaviour/sources/cooccurrence.js';
import { easeWith } from '../src/recommend/behaviour/sources/ease.js';
import { peopleAlike } from '../src/recommend/behaviour/sources/people-alike.js';
import { transitionsWith } from '../src/recommend/behaviour/sources/transitions.js';
import { skippedOf, standardise } from '../src/recommend/behaviour/standardise.js';
import { figure, type Row } from './row.js';

/** What the bench judges by: nothing of each person's last three is ever seen here. */
const KEPT_BACK = 3;

type Summed = 'cooccurrence' | 'transitions' | 'ease';
interface Setting {
  readonly of: Summed;
  readonly says: string;
  /** Whether it is today's. */
  readonly today: boolean;
  readonly source: Source;
}

const settings: readonly Setting[] = [
  ...[0.6, 0.7, 0.8, 0.9, 0.95].map((decay) => ({
    of: 'cooccurrence' as const,
    says: `decay-${decay}`,
    today: decay === 0.8,
    source: cooccurrenceWith({ decay }),
  })),
  ...[0.6, 0.7, 0.8, 0.9].map((decay) => ({
    of: 'transitions' as const,
    says: `decay-${decay}`,
    today: decay === 0.8,
    source: transitionsWith({ window: 10, decay }),
  })),
  ...[5, 20, 40].map((window) => ({
    of: 'transitions' as const,
    says: `window-${window}`,
    today: false,
    source: transitionsWith({ window, decay: 0.8 }),
  })),
  ...[0.8, 0.85, 0.9, 0.95, 1].map((decay) => ({
    of: 'ease' as const,
    says: `decay-${decay}`,
    today: decay === 0.9,
    source: { inPlainSum: true, ...easeWith(decay) },
  })),
];

/**
 * What the constants of the plain sum are chosen by: each person's last three items are taken out of the log, and then the
 * three before them are held out in turn, each asked for from what came before it. One constant at a time is varied; each
 * setting is shown alone and in the sum, and the sum's difference to that of today's constants on the same people. A
 * constant is changed only where that lies above 0 with its whole interval. Beside them the sum with the people who are
 * alike as a fourth, and the learnt blend.
 */
export async function tuneBlend(log: Histories, seed: number, say: (line: string) => void): Promise<readonly Row[]> {
  const earlier = earlierOnly(log);
  const gains = new Map<string, number[]>();
  for (let back = 0; back < KEPT_BACK; back++) {
    say(`tune: ${back + 1} of ${KEPT_BACK}`);
    for (const [name, gain] of await judgedWith(holdOutLast(earlier, back)))
      gains.set(name, [...(gains.get(name) ?? []), ...gain]);
  }
  const bounds = (values: ArrayLike<number>) => interval(values, new Random(seed).fork('interval'));
  const today = gains.get(SUM)!;
  const rows = [...gains].flatMap(([name, values]) => {
    const found = bounds(values);
    const row = figure(`tune/${name}/ndcg@10`, found.mean, 'NDCG', found);
    if (!name.startsWith(`${SUM}/`)) return [row];
    const more = bounds(values.map((value, q) => value - today[q]!));
    return [row, figure(`tune/${name}-vs-today/ndcg@10`, more.mean, 'difference', more)];
  });
  say('tune: the learnt blend');
  const learnt = await judgeProtocol(earlier, 'last-three');
  const blend = learnt.rows.find(({ what }) => what === 'blend')!;
  return [
    ...rows,
    figure('tune/blend/ndcg@10', blend.gain.mean, 'NDCG', blend.gain),
    figure('tune/blend-vs-plain-sum/ndcg@10', blend.gainOverPlainSum.mean, 'difference', blend.gainOverPlainSum),
  ];
}

const SUM = 'plain-sum';

/** The log before each person's last three new items; without those who have no more than these. */
function earlierOnly(log: Histories): Histories {
  const { train, questions } = holdOutLast(log, KEPT_BACK - 1);
  const asked = new Set(questions.map(({ person }) => person));
  const personAt = new Uint32Array(train.itemAt.length);
  for (let p = 0; p < train.people; p++) personAt.fill(p, train.starts[p], train.starts[p + 1]);
  return mergeTouches(train, (at) => asked.has(personAt[at]!));
}

/** Gains a question of every setting alone, of the sum with it, and of the sum as it is today. */
async function judgedWith({ train, questions }: HeldOut): Promise<ReadonlyMap<string, Float64Array>> {
  const shared = sharing();
  const learn = async (source: Source) => remembering((await source.fit(train, { shared }))!, train.items);
  const fitted: (Setting & { readonly ranker: Ranker })[] = [];
  for (const setting of settings) fitted.push({ ...setting, ranker: await learn(setting.source) });
  const today = new Map(fitted.filter((each) => each.today).map(({ of, ranker }) => [of, ranker]));
  const sum = plainSum(today, train.items);
  const rankers = new Map<string, Ranker>([[SUM, sum]]);
  for (const { of, says, ranker, today: isToday } of fitted) {
    rankers.set(`${of}/${says}`, ranker);
    if (!isToday) rankers.set(`${SUM}/${of}/${says}`, plainSum(new Map(today).set(of, ranker), train.items));
  }
  const alike = await learn(peopleAlike);
  rankers.set('people-alike', alike);
  rankers.set(`${SUM}/with-people-alike`, besides(sum, alike, train.items));
  const { starts } = occurrencesOf(train);
  const touchedBy = Uint32Array.from({ length: train.items }, (_, i) => starts[i + 1]! - starts[i]!);
  const { items, people } = train;
  const historiesOf = (person: number) => historyOf(train, person);
  const judged = judgeRankers(rankers, { items, people, questions, touchedBy, historyOf: historiesOf });
  return new Map([...judged].map(([name, { gain }]) => [name, gain]));
}

/** A sum and the z-scores of one more. */
function besides(sum: Ranker, other: Ranker, items: number): Ranker {
  const scores = new Float32Array(items);
  return {
    score(history, into) {
      other.score(history, scores);
      standardise(scores, skippedOf(history, items));
      sum.score(history, into);
      for (let i = 0; i < items; i++) into[i]! += scores[i]!;
    },
  };
}
