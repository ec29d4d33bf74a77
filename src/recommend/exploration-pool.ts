import { createHash } from 'node:crypto';
import type { Evidence } from '../catalogue/catalogue.js';
import { stableJson } from '../core/fingerprint.js';
import { Random } from '../core/random.js';
import { AppError } from '../errors.js';
import { type EvidenceByHour, HOUR_MS } from './evidence-by-hour.js';
import { recent } from './recent.js';
import type { Arranging, Placed } from './stages/arrange.js';
import type { Exploring, Tried } from './stages/explore.js';
import { openQuota } from './stages/quota.js';
import type { Situation } from './strategy.js';
import { winChances } from './win-chances.js';

/** Items that were shown less often than this are still to be tried out. */
export const FEW_SHOWN = 100;
/** Items that one request draws from, the newest. */
const MOST_TRIED = 100;

const NOTHING: Evidence = { shown: 0, chosen: 0 };

export interface PoolPorts {
  readonly arranging: Omit<Arranging, 'wanted'>;
  readonly evidence: EvidenceByHour;
  /** Epoch milliseconds. */
  readonly now: number;
}

/**
 * What a request that explores draws from, and the chance that draws: the newest items that were shown less than a
 * hundred times, may be shown, and do not stand in the places in question; of those no more than groups, caps and copies
 * leave room for whatever is drawn. Null where the request does not explore. Throws REQUEST_INVALID where nothing says
 * whose draw it is.
 */
export async function explorationPool(
  situation: Situation,
  arranged: readonly Placed[],
  { arranging, evidence, now }: PoolPorts,
): Promise<Exploring | null> {
  const { explore } = situation.request;
  if (!explore) return null;
  const { attributesOf, group, caps, pins, copies = () => false } = arranging;
  const limits = group ? [group, ...caps] : caps;
  const random = randomOf(situation, now);
  const known = await evidence(situation.collection, now);
  const head = arranged.slice(0, explore.places);
  const standing = new Set([...head, ...pins.values()].map(({ itemId }) => itemId));

  const quota = openQuota(limits);
  for (const { itemId } of head) quota.take(quota.of(attributesOf(itemId)));
  const tried: Placed[] = [];
  for (const hit of await littleKnown(situation, known, standing)) {
    const counted = quota.of(attributesOf(hit.itemId));
    if (quota.full(counted) || [...head, ...tried].some(({ itemId }) => copies(hit.itemId, itemId))) continue;
    quota.take(counted);
    tried.push(hit);
  }
  const chances =
    explore.by === 'thompson'
      ? winChances(tried.map(({ itemId }) => known.get(itemId) ?? NOTHING))
      : tried.map(() => 1 / tried.length);
  const pool = tried.map((hit, i): Tried => ({ hit: { ...hit, score: chances[i]! }, chance: chances[i]! }));
  return { explore, pool, pinned: new Set(pins.keys()), random, limits, attributesOf, copies };
}

/** The newest first. Nothing where hits must be close enough: of these nobody knows that they are. */
async function littleKnown(
  situation: Situation,
  known: ReadonlyMap<string, Evidence>,
  standing: ReadonlySet<string>,
): Promise<Placed[]> {
  if (situation.request.minSimilarity !== undefined) return [];
  const passes: Situation['passes'] = (item) =>
    (situation.passes?.(item) ?? true) &&
    !standing.has(item.itemId) &&
    (known.get(item.itemId)?.shown ?? 0) < FEW_SHOWN &&
    !situation.buries.some((rule) => rule.concerns(item));
  const found = (await recent.candidates({ ...situation, passes }, MOST_TRIED)) ?? [];
  return found.map((candidate, i) => ({
    ...candidate,
    ...{ strategy: 'explore', step: 0, rank: i + 1, given: candidate.score, applied: [], folded: [] },
    because: async () => ({ ...(known.get(candidate.itemId) ?? NOTHING) }),
  }));
}

/** Chance for whoever asks, in this hour, beside this item; or what the request's own seed says. */
function randomOf({ collection, request }: Situation, now: number): Random {
  const { who, seed, context = null } = request;
  if (who === undefined && seed === undefined) {
    const message = 'Items are tried out for somebody: name a user, a session or a seed.';
    throw new AppError('REQUEST_INVALID', { why: message }, { issues: [{ path: 'explore', message }] });
  }
  const drawnFor = seed === undefined ? [who, Math.floor(now / HOUR_MS)] : [seed];
  const hash = createHash('sha256')
    .update(stableJson(['explore', collection, context, ...drawnFor]))
    .digest();
  return new Random(hash.readUInt32LE(0));
}
