import type { Progress } from '../core/progress.js';
import { Random } from '../core/random.js';
import { AppError } from '../errors.js';
import { type Interval, interval } from '../evaluation/interval.js';
import { type Judgement, judgeRankers } from '../evaluation/judge-rankers.js';
import { createFeatures } from '../recommend/behaviour/features.js';
import { fitSources } from '../recommend/behaviour/fit-sources.js';
import { type Histories, type History, historyOf, occurrencesOf } from '../recommend/behaviour/histories.js';
import { type HeldOut, holdOutByTime, holdOutLast, holdOutRandom } from '../recommend/behaviour/hold-out.js';
import { type Blend, blended, learnBlend } from '../recommend/behaviour/learnt-blend.js';
import { lendToCold } from '../recommend/behaviour/lend-to-cold.js';
import { plainSum } from '../recommend/behaviour/plain-sum.js';
import type { Given, Ranker } from '../recommend/behaviour/source.js';
import type { SourceName } from '../recommend/behaviour/sources/index.js';

/** Everything that is judged: the sources, their plain sum, and the blend with learnt weights. */
export type Contestant = SourceName | 'plain-sum' | 'blend';
type HoldOut = (log: Histories) => HeldOut;

interface Protocol {
  readonly says: string;
  /** What is held out to be judged on; figures of one person are averaged over them. */
  readonly holdOuts: readonly HoldOut[];
  /** What the blend learns from, held out anew from what is left. */
  readonly inner: readonly HoldOut[];
}

const SEED = 1;
const next: readonly HoldOut[] = [0, 1].map((back) => (log: Histories) => holdOutLast(log, back));

/** Ways of holding out. Adding one: its row. */
export const PROTOCOLS = {
  last: { says: 'the last item of each person', holdOuts: [(log) => holdOutLast(log)], inner: next },
  'last-three': {
    says: 'the last, last but one and last but two, each from what came before',
    holdOuts: [0, 1, 2].map((back) => (log: Histories) => holdOutLast(log, back)),
    inner: next,
  },
  time: {
    says: 'the first new item after a moment, before which lie 80% of all events',
    holdOuts: [(log) => holdOutByTime(log, 0.8)],
    inner: next,
  },
  random: {
    says: 'a fifth of each person’s items, drawn by chance',
    holdOuts: [(log) => holdOutRandom(log, 0.2, new Random(SEED).fork('judged'))],
    inner: [(log) => holdOutRandom(log, 0.2, new Random(SEED).fork('learnt from'))],
  },
} satisfies Readonly<Record<string, Protocol>>;
export type ProtocolName = keyof typeof PROTOCOLS;

export interface JudgeOptions extends Given {
  readonly progress?: Progress | undefined;
  /** Entries of a history that a ranker is shown: the newest. All of them where it is left out. */
  readonly shownHistory?: number;
  /** Weights that were learnt by the same protocol before, so that they need not be learnt again. */
  readonly blend?: Blend | undefined;
}

interface JudgedRow {
  readonly what: Contestant;
  readonly hitRate: Interval;
  readonly gain: Interval;
  readonly reciprocalRank: Interval;
  /** NDCG@10 less that of the plain sum on the same people. */
  readonly gainOverPlainSum: Interval;
  readonly coverage: number;
  readonly novelty: number;
  readonly diversity?: number;
}

export interface JudgedProtocol {
  readonly protocol: ProtocolName;
  readonly people: number;
  readonly rows: readonly JudgedRow[];
  /** What was learnt, a holding out. */
  readonly blends: readonly Blend[];
  /** Hits and gains a person, for other comparisons on the same people. */
  readonly perPerson: ReadonlyMap<Contestant, { readonly hitRate: Float64Array; readonly gain: Float64Array }>;
}

/**
 * Judges every source, their plain sum and a learnt blend by one protocol. What is fitted sees only what was left after
 * holding out, and the blend's weights come from holding out of that again. Intervals by bootstrap over people.
 * @throws AppError EVENTS_TOO_FEW where nobody can be asked, CANCELLED
 */
export async function judgeProtocol(
  log: Histories,
  protocol: ProtocolName,
  options: JudgeOptions = {},
): Promise<JudgedProtocol> {
  const { holdOuts, inner }: Protocol = PROTOCOLS[protocol];
  const rounds: { readonly heldOut: HeldOut; readonly judged: ReadonlyMap<Contestant, Judgement> }[] = [];
  const blends: Blend[] = [];
  for (const [done, holdOut] of holdOuts.entries()) {
    options.progress?.({ stage: protocol, done, total: holdOuts.length, unit: 'held out' });
    const heldOut = holdOut(log);
    if (heldOut.questions.length === 0)
      throw new AppError('EVENTS_TOO_FEW', { why: `nobody has a history and ${PROTOCOLS[protocol].says}` });
    const { train } = heldOut;
    const learn = { ...options, holdOuts: inner, random: new Random(SEED).fork('learn') };
    const blend = options.blend ?? (await learnBlend(train, learn));
    blends.push(blend);
    rounds.push({ heldOut, judged: await judgeHeldOut(heldOut, blend, options) });
  }
  options.progress?.({ stage: protocol, done: holdOuts.length, total: holdOuts.length, unit: 'held out' });

  const of = (what: Contestant, figure: 'hitRate' | 'gain' | 'reciprocalRank') =>
    perPerson(rounds.map(({ heldOut, judged }) => ({ heldOut, values: judged.get(what)![figure] })));
  const bounds = (values: Float64Array) => interval(values, new Random(SEED).fork('interval'));
  const plain = of('plain-sum', 'gain');
  const rows = [...rounds[0]!.judged.keys()].map((what): JudgedRow => {
    const gain = of(what, 'gain');
    const judged = rounds.map((round) => round.judged.get(what)!);
    const average = (figure: 'coverage' | 'novelty') => judged.reduce((sum, j) => sum + j[figure] / judged.length, 0);
    const diversity = judged[0]!.diversity;
    return {
      what,
      hitRate: bounds(of(what, 'hitRate')),
      gain: bounds(gain),
      reciprocalRank: bounds(of(what, 'reciprocalRank')),
      gainOverPlainSum: bounds(gain.map((value, i) => value - plain[i]!)),
      coverage: average('coverage'),
      novelty: average('novelty'),
      ...(diversity === undefined ? {} : { diversity }),
    };
  });
  return {
    protocol,
    people: plain.length,
    rows,
    blends,
    perPerson: new Map(rows.map(({ what }) => [what, { hitRate: of(what, 'hitRate'), gain: of(what, 'gain') }])),
  };
}

/** Fits to what was left, and asks everybody. */
async function judgeHeldOut({ train, questions }: HeldOut, blend: Blend, options: JudgeOptions) {
  const { embeddings, shownHistory } = options;
  const fitted = await fitSources(train, { ...options, judging: true });
  const { starts } = occurrencesOf(train);
  const touchedBy = Uint32Array.from({ length: train.items }, (_, i) => starts[i + 1]! - starts[i]!);
  const rankers = new Map<Contestant, Ranker>(fitted);
  rankers.set('plain-sum', lendToCold(plainSum(fitted, train.items), touchedBy, embeddings));
  rankers.set('blend', lendToCold(blended(blend, createFeatures(fitted, train)), touchedBy, embeddings));
  const known = (person: number): History => {
    const history = historyOf(train, person);
    if (shownHistory === undefined) return history;
    const from = Math.max(0, history.items.length - shownHistory);
    return { items: history.items.subarray(from), weights: history.weights.subarray(from) };
  };
  const { items, people } = train;
  return judgeRankers(rankers, { items, people, questions, historyOf: known, touchedBy, embeddings });
}

/** The mean of each person's questions, in the order of people. */
function perPerson(rounds: readonly { readonly heldOut: HeldOut; readonly values: Float64Array }[]): Float64Array {
  const sums = new Map<number, { sum: number; count: number }>();
  for (const { heldOut, values } of rounds) {
    heldOut.questions.forEach(({ person }, q) => {
      const { sum, count } = sums.get(person) ?? { sum: 0, count: 0 };
      sums.set(person, { sum: sum + values[q]!, count: count + 1 });
    });
  }
  return Float64Array.from([...sums].sort(([a], [b]) => a - b).map(([, { sum, count }]) => sum / count));
}
