import type { Log } from '../../core/log.js';
import { AppError } from '../../errors.js';
import type { LiveIndex } from '../../indexing/live-index.js';
import { readBehaviour } from './behaviour-files.js';
import type { BehaviourModel } from './behaviour-model.js';
import { createLiveContent } from './live-content.js';
import { followNewcomers, type Newcomers } from './newcomers.js';
import { createShortlists, type Shortlists } from './shortlists.js';

/** A behaviour model over the live index of its release. */
export interface LiveBehaviour {
  readonly model: BehaviourModel;
  readonly newcomers: Newcomers;
  readonly shortlists: Shortlists;
}

export interface LiveBehaviours {
  /** What the release that an index serves has learnt from events; null where it has nothing, or nothing that can be used. */
  of(index: LiveIndex): Promise<LiveBehaviour | null>;
}

/** The behaviour models of this process: one a collection, read when it is first asked for and again after a switch. */
export function openLiveBehaviours({ folder, log }: { readonly folder: string; readonly log: Log }): LiveBehaviours {
  const open = new Map<
    string,
    { readonly releaseId: string | null; readonly opening: Promise<LiveBehaviour | null> }
  >();

  async function read(index: LiveIndex, behaviourId: string): Promise<LiveBehaviour | null> {
    try {
      const model = await readBehaviour(folder, behaviourId);
      const newcomers = followNewcomers(index, model.numberOf);
      return {
        model,
        newcomers,
        shortlists: createShortlists({ model, content: createLiveContent(index, model.itemIds) }, newcomers),
      };
    } catch (cause) {
      if (!(cause instanceof AppError)) throw cause;
      const fields = { collection: index.collection, behaviourId, err: cause };
      log.error(fields, 'A behaviour model can not be used; people are told what looks like their taste');
      return null;
    }
  }

  return {
    async of(index) {
      const { behaviourId, collection, releaseId } = index;
      if (behaviourId === null) {
        open.delete(collection);
        return null;
      }
      let held = open.get(collection);
      if (held?.releaseId !== releaseId) {
        held = { releaseId, opening: read(index, behaviourId) };
        open.set(collection, held);
        held.opening.catch(() => open.delete(collection)); // asked for again by the next request
      }
      return (held as NonNullable<typeof held>).opening;
    },
  };
}
