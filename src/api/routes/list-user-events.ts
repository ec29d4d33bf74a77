import type { StoredEvent } from '../../catalogue/catalogue.js';
import { stableJson } from '../../core/fingerprint.js';
import { handler, ok } from '../call.js';
import { signerOf } from '../context.js';
import { ROUTES } from '../contract/index.js';
import { afterCursor, readAfter } from '../cursors.js';
import { isoTime } from '../iso-time.js';
import { knownCollection } from '../known-collection.js';

const told = ({ time, receivedAt, shown, ...event }: StoredEvent) => ({
  ...event,
  ...shown,
  time: isoTime(time),
  receivedAt: isoTime(receivedAt),
});

/** GET …/users/{userId}/events: all that is kept of one person, page by page. */
export const listUserEvents = handler(ROUTES.listUserEvents, async ({ context, params, query }) => {
  const { collection, userId } = params;
  await knownCollection(context, collection);
  const signer = await signerOf(context);
  const shape = stableJson(['user-events', collection, userId]);
  const after = query.cursor === undefined ? undefined : readAfter(signer, shape, query.cursor);
  const page = await context.deps.catalogue.events.history(collection, userId, { after, limit: query.limit });
  return ok({
    events: page.rows.map(told),
    ...(page.next === undefined ? {} : { nextCursor: afterCursor(signer, shape, page.next) }),
  });
});
