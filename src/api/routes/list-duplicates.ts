import { setImmediate as nextTurn } from 'node:timers/promises';
import { stableJson } from '../../core/fingerprint.js';
import { confidence, thresholdOf } from '../../indexing/calibration.js';
import { earlierCopy } from '../../indexing/find-duplicates.js';
import type { LiveIndex } from '../../indexing/live-index.js';
import { handler, ok } from '../call.js';
import { type Context, signerOf } from '../context.js';
import { ROUTES } from '../contract/index.js';
import { type CursorOwner, indexCursor, readIndexCursor } from '../cursors.js';

/** Items and time that one request may take; it goes on by the cursor. */
const MOST_WALKED = 2_000;
const MOST_MS = 1_000;
/** Rows that are read at once. */
const WALK_PAGE = 250;

/** GET …/duplicates: a walk along the ids, a turn of the event loop each, that any process can take up again. */
export const listDuplicates = handler(ROUTES.listDuplicates, async (call) => {
  const { context, tookMs } = call;
  const { collection } = call.params;
  const { rate, limit, cursor } = call.query;
  const live = await context.deps.live.get(collection);
  const { indexId, modelId, calibration } = live;
  const threshold = thresholdOf(live, rate);
  const signer = await signerOf(context);
  const owner: CursorOwner = { shape: stableJson(['duplicates', collection, rate]), indexId };
  const after = cursor === undefined ? undefined : readIndexCursor(signer, owner, cursor);
  const walked = await context.walkGate.through(() =>
    walk(context, live, { similarity: threshold.similarity, after, limit, gone: call.signal() }),
  );
  return ok({
    duplicates: walked.found.map((each) => ({
      ...each,
      confidence: calibration === undefined ? 0 : confidence(calibration, each.similarity),
    })),
    ...(walked.next === undefined ? {} : { nextCursor: indexCursor(signer, owner, walked.next) }),
    ...threshold,
    items: live.size(),
    indexId,
    modelId,
    tookMs: tookMs(),
  });
});

interface Duplicate {
  readonly itemId: string;
  readonly copyOf: string;
  readonly similarity: number;
}

interface Walk {
  readonly similarity: number;
  readonly after: string | undefined;
  readonly limit: number;
  readonly gone: AbortSignal;
}

/** From just behind `after`: what was found, and where to go on. Looks at one item at least, so that a walk ends. */
async function walk(
  { deps }: Context,
  live: LiveIndex,
  { similarity, after, limit, gone }: Walk,
): Promise<{ found: readonly Duplicate[]; next: string | undefined }> {
  const found: Duplicate[] = [];
  const until = deps.now() + MOST_MS;
  let at = after;
  for (let walked = 0; ; ) {
    const page = await deps.catalogue.items.list(live.collection, {
      ...(at === undefined ? {} : { after: at }),
      limit: WALK_PAGE,
    });
    for (const { itemId } of page.rows) {
      const copy = await earlierCopy(live, itemId, similarity);
      if (copy) found.push({ itemId, copyOf: copy.itemId, similarity: copy.similarity });
      at = itemId;
      await nextTurn();
      if (gone.aborted || found.length === limit || ++walked === MOST_WALKED || deps.now() >= until)
        return { found, next: at };
    }
    if (page.next === undefined) return { found, next: undefined };
  }
}
