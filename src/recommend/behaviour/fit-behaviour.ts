import type { Progress } from '../../core/progress.js';
import type { Random } from '../../core/random.js';
import { weighedNames } from './behaviour-model.js';
import { itemFacts } from './features.js';
import { fitSources } from './fit-sources.js';
import { type Histories, mergeTouches } from './histories.js';
import { type HeldOut, holdOutLast } from './hold-out.js';
import { learnAhead } from './learn-ahead.js';
import { type Blend, learnBlend } from './learnt-blend.js';
import type { FitOptions, Parts } from './source.js';

/** What the weights are learnt from: each person's last item, and the one before it, from what came before. */
const HELD_BACK = [0, 1];

/** What can be asked for alone, whether or not the blend weighs it. */
const ASKED_FOR = ['popularity', 'trending'];

/** Beyond, making every row of EASE takes minutes. */
const MOST_EASE_ITEMS = 8_000;

/**
 * Questions that weights are learnt from: as many as a minute or two allow. Each scores every item by every source; the
 * content source alone compares it with twenty others.
 */
const MOST_QUESTIONS = 5_000;
const FEWEST_QUESTIONS = 200;
const MOST_COST = 5e10;
const FEATURE_COST = 200;
const CONTENT_COST = 20;

export interface FitBehaviourOptions extends Omit<FitOptions, 'shared'> {
  readonly random: Random;
  readonly progress: Progress;
  /** Towers that are learnt at the same time, beside the other sources. */
  readonly towersAtOnce: number;
}

/** A fitted blend as it is stored: about items by number, and about nobody in particular. */
export interface FittedBehaviour {
  readonly blend: Blend;
  /** By feature name: those that the blend weighs, and those that are asked for alone. */
  readonly parts: ReadonlyMap<string, Parts>;
}

/** Learns the weights from events that are held back, then fits what they weigh to all events. Throws CANCELLED. */
export async function fitBehaviour(log: Histories, options: FitBehaviourOptions): Promise<FittedBehaviour> {
  const { towersAtOnce: atOnce, ...rest } = options;
  const { learnTower, signal, embeddings, attributes, progress } = options;
  const histories = mergeTouches(log);
  const heldOut = HELD_BACK.map((back) => holdOutLast(histories, back));
  if (!learnTower) return fitAll(histories, heldOut, rest);
  const all = [...heldOut.map(({ train }) => train), histories];
  const ahead = learnAhead(all, learnTower, { signal, embeddings, attributes, progress, atOnce });
  try {
    return await fitAll(histories, heldOut, { ...rest, learnTower: ahead.learn });
  } finally {
    await ahead.end();
  }
}

async function fitAll(
  histories: Histories,
  heldOut: readonly HeldOut[],
  options: Omit<FitBehaviourOptions, 'towersAtOnce'>,
): Promise<FittedBehaviour> {
  const { random, progress, ...rest } = options;
  const given = { mostEaseItems: MOST_EASE_ITEMS, ...rest };
  progress({ stage: 'learn weights', done: 0, total: 3, unit: 'steps' });
  const cost = histories.items * (FEATURE_COST + CONTENT_COST * (given.embeddings?.dimension ?? 0));
  const mostQuestions = Math.max(FEWEST_QUESTIONS, Math.min(MOST_QUESTIONS, Math.floor(MOST_COST / Math.max(1, cost))));
  const blend = await learnBlend(histories, {
    ...given,
    holdOuts: heldOut.map((held) => () => held),
    random,
    mostQuestions,
  });
  progress({ stage: 'fit', done: 1, total: 3, unit: 'steps' });
  const fitted = await fitSources(histories, given);
  progress({ stage: 'gather', done: 2, total: 3, unit: 'steps' });
  const parts = new Map<string, Parts>();
  for (const [name, scores] of Object.entries(itemFacts(histories))) parts.set(name, { scores });
  for (const name of new Set([...ASKED_FOR, ...weighedNames(blend)])) {
    const found = await [...fitted].find(([source]) => source === name)?.[1].parts?.(given.signal);
    if (found) parts.set(name, found);
  }
  return { blend, parts };
}
