import { setImmediate as nextTurn } from 'node:timers/promises';
import { AppError } from '../errors.js';
import { readBehaviourManifest } from '../recommend/behaviour/behaviour-files.js';
import { isDue } from '../retraining/policy.js';
import type { Environment } from './environment.js';
import { type Looking, lookEvery } from './look-every.js';
import type { Stores } from './stores.js';

/** How often collections are looked at: a look costs a few short queries each. */
const LOOK_EVERY_MS = 60_000;
/** Events that are counted before others have a turn. */
const COUNTED_A_TURN = 10_000;

/** How many events came since a model was learnt, counted on from look to look. */
interface Tally {
  /** The place up to which the model had read. */
  readonly from: number;
  place: number;
  events: number;
  /** Those that were there when it was last tried, and at what time: what ended without a release waits anew. */
  tried: { readonly events: number; readonly at: number } | undefined;
}

/**
 * Queues a learning from behaviour wherever one is due, never beside another of the same collection. Without a policy in
 * the settings it never looks.
 */
export function createBehaviourScheduler(environment: Environment, stores: Stores, everyMs = LOOK_EVERY_MS): Looking {
  const { config, log, now } = environment;
  const { collections, events, jobs, releases } = stores.catalogue;
  const policy = { after: config.KINDRED_BEHAVIOUR_AFTER_EVENTS, everyHours: config.KINDRED_BEHAVIOUR_EVERY_HOURS };
  const never = policy.after === 0 && policy.everyHours === 0;
  const tallies = new Map<string, Tally>();

  /** The newest model there is: the active one, or what was learnt since one went back from it to another. */
  async function newestModel(name: string): Promise<{ place: number; trainedAt: number } | undefined> {
    const active = await releases.active(name);
    const [last] = await jobs.list({ collection: name, kind: 'behaviour', state: 'succeeded', limit: 1 });
    const named = [active?.behaviourId, (last?.result as { behaviourId?: string } | null)?.behaviourId];
    let newest: { place: number; trainedAt: number } | undefined;
    for (const behaviourId of new Set(named)) {
      if (typeof behaviourId !== 'string') continue;
      try {
        const { place, createdAt } = await readBehaviourManifest(stores.behaviourFolder, behaviourId);
        if (!newest || place > newest.place) newest = { place, trainedAt: Date.parse(createdAt) };
      } catch (cause) {
        if (!(cause instanceof AppError)) throw cause; // tidied away, or damaged: as if it had never been
      }
    }
    return newest;
  }

  async function tallyOf(name: string, from: number): Promise<Tally> {
    let tally = tallies.get(name);
    if (tally?.from !== from) {
      tally = { from, place: from, events: 0, tried: undefined };
      tallies.set(name, tally);
    }
    for (;;) {
      const page = await events.countSince(name, { after: tally.place, limit: COUNTED_A_TURN });
      if (page.place === tally.place) return tally;
      tally.place = page.place;
      tally.events += page.events;
      await nextTurn();
    }
  }

  async function look(): Promise<void> {
    for (const { name } of await collections.list()) {
      const [last] = await jobs.list({ collection: name, kind: 'behaviour', limit: 1 });
      if (last?.state === 'queued' || last?.state === 'running') continue;
      const model = await newestModel(name);
      const tally = await tallyOf(name, model?.place ?? 0);
      const { due, why } = isDue(policy, {
        of: 'event',
        fresh: tally.events - (tally.tried?.events ?? 0),
        trainedAt: tally.tried?.at ?? model?.trainedAt,
        now: now(),
        asked: false,
      });
      if (!due) continue;
      tally.tried = { events: tally.events, at: now() };
      const { job } = await jobs.enqueue({ kind: 'behaviour', collection: name, input: {} });
      log.info({ collection: name, jobId: job.jobId, why }, 'learning from behaviour is due');
    }
  }

  return lookEvery(never ? Infinity : everyMs, look, (cause) =>
    log.warn({ err: cause }, 'looking whether learning from behaviour is due failed'),
  );
}
