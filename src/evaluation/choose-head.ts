import type { Random } from '../core/random.js';
import { fitTemperature, logLoss } from './calibration.js';
import { type LinearProbe, linearProbe } from './linear-probe.js';
import { countRows, type Rows } from './rows.js';
import { type LabelledRows, pickLabelled, splitLabelled } from './split-labelled.js';
import { type NeighbourGraph, neighbourGraph, spreadLabels, UNLABELLED } from './spread-labels.js';

/** Rows without labels that a head may learn from, and the labelled ones among them. */
export interface Company {
  readonly rows: Rows;
  readonly graph: NeighbourGraph;
  /** Where each labelled row stands among these rows. */
  readonly places: readonly number[];
}

/** How a head learns: how strongly its weights are held down, and from which rows. */
export interface Way {
  /** Weight of the squared weights in the objective. */
  readonly decay: number;
  /** Whether labels spread to the rows without first, so that it learns from these too. */
  readonly spread: boolean;
}

export interface FitOptions {
  readonly classes: number;
  readonly random: Random;
  /** Rows without labels that may teach too. */
  readonly company?: Company | undefined;
  readonly signal?: AbortSignal | undefined;
  /** Heads fitted so far, and how many there will be. */
  readonly onFit?: (done: number, total: number) => void;
}

/** A way, and what heads that learnt so say of labelled rows that they did not learn from. */
export interface TriedWay {
  readonly way: Way;
  /** `[rows, classes]`; zeros for a row that was not asked about. */
  readonly logits: Rows;
  /** What makes those scores likeliest. */
  readonly temperature: number;
  /** Mean −log of the probability of the right label, with that temperature and without. */
  readonly loss: number;
  readonly plainLoss: number;
}

/** Numbers of rows, each in one fold. */
export type Folds = readonly (readonly number[])[];

const DECAYS = [1e-3, 1e-2, 1e-1, 1, 10] as const;
const UNTRIED = 0.1;
/** With so many rows for each dimension, one turn tells decays apart, and smaller ones are worth a try. */
const PLENTY = 4;
const DECAYS_OF_PLENTY = [1e-4, 1e-3, 1e-2, 1e-1] as const;
const FOLDS = 5;
/** Where labels spread, most rows have one, so that little decay will do. */
export const SPREADING: Way = { decay: 1e-2, spread: true };

/** Labelled rows and others as one, with who is near to whom. */
export async function companyOf(labelled: Rows, others: Rows): Promise<Company> {
  const values = new Float32Array(labelled.values.length + others.values.length);
  values.set(labelled.values);
  values.set(others.values, labelled.values.length);
  const rows = { values, dimension: labelled.dimension };
  const places = Array.from({ length: countRows(labelled) }, (_, at) => at);
  return { rows, graph: await neighbourGraph(rows), places };
}

/** Five folds, or as many as the rarest class has rows, but two at least. */
export function foldsOf(labels: Int32Array, { classes, random }: Pick<FitOptions, 'classes' | 'random'>): Folds {
  const counts = new Int32Array(classes);
  for (const label of labels) counts[label]!++;
  return splitLabelled(
    labels,
    Math.max(2, Math.min(FOLDS, ...counts.filter((count) => count > 0))),
    random.fork('folds'),
  );
}

const alone = (decay: number): Way => ({ decay, spread: false });

/** Without company, each decay is a way; with it, spreading is one more. */
export const waysFor = ({ company }: Pick<FitOptions, 'company'>): readonly Way[] => [
  ...DECAYS.map(alone),
  ...(company ? [SPREADING] : []),
];

/**
 * A head that learns in some way from labelled rows, of which those in `hidden` are not seen.
 * @throws AppError CANCELLED once the signal is aborted
 */
export async function fitHead(
  given: LabelledRows,
  { decay, spread }: Way,
  options: Pick<FitOptions, 'classes' | 'company' | 'signal'>,
  hidden: readonly number[] = [],
): Promise<LinearProbe> {
  const { rows, labels } =
    spread && options.company
      ? await spreadTo(options.company, given.labels, hidden, options)
      : pickLabelled(given, without(hidden, given.labels.length));
  const { classes, signal } = options;
  return linearProbe(rows, labels, { decay, classes, signal, scaling: 'all' });
}

/** All rows that a label reaches, but those that are hidden. */
async function spreadTo(
  { rows, graph, places }: Company,
  labels: Int32Array,
  hidden: readonly number[],
  options: Pick<FitOptions, 'classes' | 'signal'>,
): Promise<LabelledRows> {
  const given = new Int32Array(countRows(rows)).fill(UNLABELLED);
  for (const [at, place] of places.entries()) given[place] = labels[at]!;
  for (const at of hidden) given[places[at]!] = UNLABELLED;
  const spread = await spreadLabels(graph, given, options);
  for (const at of hidden) spread[places[at]!] = UNLABELLED;
  const teachers = [...spread.keys()].filter((row) => spread[row] !== UNLABELLED);
  return pickLabelled({ rows, labels: spread }, teachers);
}

/**
 * Tries each way by cross-validation: what is in a fold is asked about once, by a head that saw all else.
 * @param given rows of each label from 0 to classes − 1
 * @throws AppError CANCELLED once the signal is aborted
 */
export async function tryWays(
  given: LabelledRows,
  ways: readonly Way[],
  folds: Folds,
  options: FitOptions,
): Promise<readonly TriedWay[]> {
  const { classes, onFit } = options;
  const { labels } = given;
  const asked = folds.flat();
  const tried: TriedWay[] = [];
  let done = 0;
  for (const way of ways) {
    const logits = { values: new Float32Array(labels.length * classes), dimension: classes };
    for (const fold of folds) {
      onFit?.(done++, ways.length * folds.length + 1);
      const head = await fitHead(given, way, options, fold);
      placeRows(logits.values, await head.logits(pickLabelled(given, fold).rows), fold);
    }
    const said = pickLabelled({ rows: logits, labels }, asked);
    const temperature = fitTemperature(said.rows, said.labels);
    const [loss, plainLoss] = [logLoss(said.rows, said.labels, temperature), logLoss(said.rows, said.labels)];
    tried.push({ way, logits, temperature, loss, plainLoss });
  }
  return tried;
}

/** The one that gives held-out rows the likeliest labels. */
export const likeliest = (tried: readonly TriedWay[]): TriedWay =>
  tried.reduce((best, one) => (one.loss < best.loss ? one : best));

/** The way for these rows alone, by folds of them; a decay of 0.1 where each label has one row, and so none can be held out. */
export async function chosenWay(given: LabelledRows, options: Omit<FitOptions, 'company'>): Promise<Way> {
  const folds = foldsOf(given.labels, options).filter((fold) => fold.length > 0);
  if (folds.length < 2) return alone(UNTRIED);
  const plenty = given.labels.length >= PLENTY * given.rows.dimension;
  const [decays, turns] = plenty ? [DECAYS_OF_PLENTY, folds.slice(0, 1)] : [DECAYS, folds];
  return likeliest(await tryWays(given, decays.map(alone), turns, options)).way;
}

/** A head of these rows alone, its weight decay chosen by folds of them. */
export const chosenHead = async (given: LabelledRows, options: Omit<FitOptions, 'company'>): Promise<LinearProbe> =>
  fitHead(given, await chosenWay(given, options), options);

/** Writes rows to the places that these numbers name. */
export function placeRows(values: Float32Array, rows: Float32Array, at: readonly number[]): void {
  const width = rows.length / at.length;
  for (const [i, place] of at.entries()) values.set(rows.subarray(i * width, (i + 1) * width), place * width);
}

/** Numbers from 0 to count − 1 that are not in a fold. */
export function without(fold: readonly number[], count: number): number[] {
  const left = new Set(fold);
  return Array.from({ length: count }, (_, at) => at).filter((at) => !left.has(at));
}
