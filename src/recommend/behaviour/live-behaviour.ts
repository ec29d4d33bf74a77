import type { Log } from '../../core/log.js';
import { AppError } from '../../errors.js';
import type { LiveIndex } from '../../indexing/live-index.js';
import { readBehaviour } from './behaviour-files.js';
import type { BehaviourModel } from './behaviour-model.js';
import { createLiveContent } from './live-content.js';
import { followNewcomers, type Newcomers } from './newcomers.js';
import type { RowProducts } from './products.js';
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

export interface LiveBehaviourPorts {
  readonly folder: string;
  readonly log: Log;
  readonly products: RowProducts;
}

/** What is open of one collection. */
interface Held {
  readonly releaseId: string | null;
  readonly indexId: string | null;
  readonly behaviourId: string;
  readonly opening: Promise<LiveBehaviour | null>;
  /** Once it is open: that, or null where it can not be used. */
  opened?: LiveBehaviour | null;
  /** What answers until then. */
  before: LiveBehaviour | undefined;
}

/**
 * The behaviour models of this process: one a collection, read when it is first asked for and again after a switch. Until
 * it is read, the one before answers where the switch left the index or the model as it was, so that nobody waits.
 */
export function openLiveBehaviours({ folder, log, products }: LiveBehaviourPorts): LiveBehaviours {
  const open = new Map<string, Held>();

  async function read(
    index: LiveIndex,
    behaviourId: string,
    known: BehaviourModel | undefined,
  ): Promise<LiveBehaviour | null> {
    try {
      const model = known ?? (await readBehaviour(folder, behaviourId));
      const content = createLiveContent(index, model.itemIds, products);
      const newcomers = followNewcomers(index, model.numberOf);
      if (model.features.some(({ ranker }) => ranker === null)) await content.catchUp();
      await newcomers.catchUp();
      return { model, newcomers, shortlists: createShortlists({ model, content, products }, newcomers) };
    } catch (cause) {
      if (!(cause instanceof AppError)) throw cause;
      const fields = { collection: index.collection, behaviourId, err: cause };
      log.error(fields, 'A behaviour model can not be used; people are told what looks like their taste');
      return null;
    }
  }

  function begin(index: LiveIndex, behaviourId: string, last: Held | undefined): Held {
    const { collection, releaseId, indexId } = index;
    const same = last?.behaviourId === behaviourId;
    const opening = read(index, behaviourId, same ? last.opened?.model : undefined);
    const before = same || last?.indexId === indexId ? (last?.opened ?? last?.before) : undefined;
    const held: Held = { releaseId, indexId, behaviourId, opening, before };
    opening.then(
      (opened) => {
        held.opened = opened;
        held.before = undefined;
      },
      () => {
        if (open.get(collection) === held) open.delete(collection); // asked for again by the next request
      },
    );
    return held;
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
        held = begin(index, behaviourId, held);
        open.set(collection, held);
      }
      const { opened, before, opening } = held as Held;
      return opened !== undefined ? opened : (before ?? opening);
    },
  };
}
