import { minimise } from '../../core/minimise.js';
import type { Random } from '../../core/random.js';
import { gainAt } from '../../core/rank.js';
import { createFeatures, type Features } from './features.js';
import { fitSources } from './fit-sources.js';
import { type Histories, type History, historyOf } from './histories.js';
import type { HeldOut } from './hold-out.js';
import { type Given, pause, type Ranker } from './source.js';
import { SOURCES, type SourceName } from './sources/index.js';
import { skippedOf } from './standardise.js';

/** Questions that weights are learnt from, and candidates of all of them together: 70 MB. */
const MOST_QUESTIONS = 10_000;
const MOST_CANDIDATES = 1_600_000;
/** Candidates a question: the best by the sum of all sources, and others drawn by chance that stand for all the rest. */
const BEST = 100;
/** The best of each source are candidates too, so that one source alone can be judged by them. */
const BEST_OF_ONE = 20;
const DRAWN = 200;
/** Answers of one question that are learnt from. */
const ANSWERS = 3;
/** How strongly weights are held to those they start from, in questions: with few, they stay there. */
const HELD = 5;
/** Of L-BFGS: with a dozen weights, more change nothing that a rank would show. */
const ITERATIONS = 40;
/** Fewer questions than this teach nothing: the plain sum it is. */
const FEWEST_QUESTIONS = 50;

/** Weights by feature name. The plain sum has 1 for its sources and 0 for the rest. */
export interface Blend {
  readonly weights: Readonly<Record<string, number>>;
  /** Whether the weights were learnt (or are one source alone), or those of the plain sum: nothing better was found. */
  readonly learnt: boolean;
  /** Mean gain (NDCG@10) on questions that the weights had not seen: of the best one source too. */
  readonly unseen?: { readonly plainSum: number; readonly single: number; readonly learnt: number };
}

export interface LearnOptions extends Given {
  /** Holds out anew from what may be learnt from: earlier events only, in the way in which the blend will be used. */
  readonly holdOuts: readonly ((histories: Histories) => HeldOut)[];
  readonly random: Random;
  /** Questions that weights are learnt from; 10,000 where it is left out. */
  readonly mostQuestions?: number;
}

/** One question's candidates, the answer first: features [candidates × features], and how many items each stands for. */
interface Example {
  readonly person: number;
  readonly rows: Float32Array;
  readonly standsFor: Float32Array;
}

/**
 * Learns how to weigh the sources: they are fitted to what is left after a second holding out, and a softmax over the
 * candidates of each question is fitted to the held-out answers (the listwise loss of Cao et al. 2007, "Learning to
 * Rank", with one right answer), by L-BFGS,
 * held to the plain sum or to the one source that is better than it. What is taken is whatever, chosen by half of the
 * people, ranks the other half's answers best: the plain sum, one source alone, or the learnt weights. Throws CANCELLED.
 */
export async function learnBlend(histories: Histories, options: LearnOptions): Promise<Blend> {
  const { holdOuts, random, mostQuestions = MOST_QUESTIONS, ...given } = options;
  const examples: Example[] = [];
  let names: readonly string[] = [];
  for (const holdOut of holdOuts) {
    const { train, questions } = holdOut(histories);
    const features = createFeatures(await fitSources(train, given), train);
    names = features.names;
    const candidates = Math.min(histories.items, BEST + DRAWN + names.length * BEST_OF_ONE);
    const most = Math.min(mostQuestions, MOST_CANDIDATES / candidates) / holdOuts.length;
    const order = random.permutation(questions.length).subarray(0, Math.ceil(most));
    for (const [done, q] of order.entries()) {
      if (done % 32 === 0) await pause(given.signal);
      const { person, targets } = questions[q]!;
      const history = historyOf(train, person);
      await features.prepare(history);
      const rows = features.of(history);
      for (const answer of random.permutation(targets.length).subarray(0, ANSWERS))
        examples.push({ person, ...exampleOf(rows, history, targets[answer]!, random) });
    }
  }
  const plain = Float64Array.from(names, (name) => (SOURCES[name as SourceName]?.inPlainSum ? 1 : 0));
  const asWeights = (weights: Float64Array) => Object.fromEntries(names.map((name, f) => [name, weights[f]!]));
  if (examples.length < FEWEST_QUESTIONS) return { weights: asWeights(plain), learnt: false };

  const halves = [0, 1].map((half) => examples.filter(({ person }) => person % 2 === half));
  const unseen = { plainSum: 0, single: 0, learnt: 0 };
  for (const [half, asked] of halves.entries()) {
    await pause(given.signal);
    const single = bestSingle(halves[1 - half]!, plain.length);
    const learnt = await fitWeights(halves[1 - half]!, better(halves[1 - half]!, plain, single));
    for (const [name, weights] of Object.entries({ plainSum: plain, single, learnt }))
      unseen[name as keyof typeof unseen] += sumOf(asked.map((example) => gainOf(example, weights))) / examples.length;
  }
  const best = Math.max(unseen.plainSum, unseen.single, unseen.learnt);
  if (unseen.plainSum === best) return { weights: asWeights(plain), learnt: false, unseen };
  const single = bestSingle(examples, plain.length);
  const weights = unseen.learnt === best ? await fitWeights(examples, better(examples, plain, single)) : single;
  return { weights: asWeights(weights), learnt: true, unseen };
}

const sumOf = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0);
const totalGain = (examples: readonly Example[], weights: Float64Array): number =>
  sumOf(examples.map((example) => gainOf(example, weights)));

/** The one feature that ranks the answers best. */
function bestSingle(examples: readonly Example[], count: number): Float64Array {
  let best = new Float64Array(count).fill(1, 0, 1) as Float64Array;
  for (let f = 1; f < count; f++) best = better(examples, best, new Float64Array(count).fill(1, f, f + 1));
  return best;
}

/** Whichever ranks the answers better; the first where they are equal. */
const better = (examples: readonly Example[], one: Float64Array, other: Float64Array): Float64Array =>
  totalGain(examples, other) > totalGain(examples, one) ? other : one;

/**
 * The weighted sum of features; names that a blend does not know count nothing. Where no source knows anything of the
 * history (there is none, or nobody else touched its items), what is popular.
 */
export function blended(blend: Blend, features: Features): Ranker {
  const weights = features.names.map((name) => blend.weights[name] ?? 0);
  return {
    score(history, into) {
      into.fill(0);
      const rows = features.of(history);
      if (!rows.some((row, f) => personal(features.names[f]!) && row.some((score) => score !== 0))) {
        into.set(rows[features.names.indexOf('popularity')]!);
        return;
      }
      rows.forEach((row, f) => {
        const weight = weights[f]!;
        if (weight !== 0) for (let i = 0; i < into.length; i++) into[i]! += weight * row[i]!;
      });
    },
  };
}

/** Whether a feature depends on who asks. */
const personal = (name: string): boolean => SOURCES[name as SourceName]?.personal ?? false;

function exampleOf(
  rows: readonly Float32Array[],
  history: History,
  target: number,
  random: Random,
): Omit<Example, 'person'> {
  const items = rows[0]!.length;
  const skipped = skippedOf(history, items);
  const sums = Float32Array.from({ length: items }, (_, i) => rows.reduce((sum, row) => sum + row[i]!, 0));
  const others = Uint32Array.from({ length: items }, (_, i) => i).filter((i) => !skipped[i] && i !== target);
  const least =
    Float32Array.from(others, (i) => sums[i]!)
      .sort()
      .at(-BEST) ?? Number.NEGATIVE_INFINITY;
  const best = others.filter((i) => sums[i]! > least);
  const rest = others.filter((i) => !(sums[i]! > least));
  const drawn = Uint32Array.from({ length: Math.min(DRAWN, rest.length) }, (_, at) => {
    const other = at + random.int(rest.length - at); // Fisher and Yates, as far as needed
    const held = rest[other]!;
    rest[other] = rest[at]!;
    rest[at] = held;
    return held;
  });
  const candidates = [target, ...best, ...drawn];
  return {
    rows: Float32Array.from(candidates.flatMap((item) => rows.map((row) => row[item]!))),
    standsFor: Float32Array.from(candidates, (_, c) => (c <= best.length ? 1 : rest.length / drawn.length)),
  };
}

/** The weights that make the answers likeliest, starting from and held to the given ones times one temperature. */
async function fitWeights(examples: readonly Example[], start: Float64Array): Promise<Float64Array> {
  const count = start.length;
  // The last number is the temperature of the start; only what departs from it costs.
  const weightsOf = (point: Float64Array) => start.map((one, f) => one * point[count]! + point[f]!);
  const found = await minimise(
    (point, gradient) => {
      gradient.fill(0);
      const weights = weightsOf(point);
      let loss = 0;
      for (const example of examples) loss += addLoss(example, weights, gradient);
      gradient[count] = start.reduce((sum, one, f) => sum + one * gradient[f]!, 0);
      for (let f = 0; f < count; f++) {
        loss += (HELD / 2) * point[f]! ** 2;
        gradient[f]! += HELD * point[f]!;
      }
      for (let f = 0; f <= count; f++) gradient[f]! /= examples.length;
      return loss / examples.length;
    },
    Float64Array.from({ length: count + 1 }, (_, f) => (f === count ? 0.3 : 0)),
    ITERATIONS,
  );
  return weightsOf(found);
}

/** −log softmax of the answer; adds its gradient by the weights. */
function addLoss({ rows, standsFor }: Example, weights: Float64Array, gradient: Float64Array): number {
  const logits = logitsOf(rows, weights);
  let peak = Number.NEGATIVE_INFINITY;
  for (const logit of logits) peak = Math.max(peak, logit); // subtracted so that exp cannot overflow
  const own = logits[0]!;
  let total = 0;
  for (let c = 0; c < logits.length; c++) {
    logits[c] = standsFor[c]! * Math.exp(logits[c]! - peak);
    total += logits[c]!;
  }
  for (let c = 0; c < logits.length; c++) {
    const error = logits[c]! / total - (c === 0 ? 1 : 0);
    for (let f = 0; f < weights.length; f++) gradient[f]! += error * rows[c * weights.length + f]!;
  }
  return Math.log(total) - (own - peak);
}

function logitsOf(rows: Float32Array, weights: Float64Array): Float64Array {
  const logits = new Float64Array(rows.length / weights.length);
  for (let c = 0; c < logits.length; c++) {
    let sum = 0;
    for (let f = 0; f < weights.length; f++) sum += weights[f]! * rows[c * weights.length + f]!;
    logits[c] = sum;
  }
  return logits;
}

/** NDCG@10 of the answer, as the candidates let it be estimated. */
function gainOf({ rows, standsFor }: Example, weights: Float64Array): number {
  const logits = logitsOf(rows, weights);
  const rank = logits.reduce((sum, logit, c) => {
    if (c === 0) return sum;
    return sum + standsFor[c]! * (logit > logits[0]! ? 1 : logit === logits[0] ? 0.5 : 0);
  }, 1);
  return gainAt(rank, 10);
}
