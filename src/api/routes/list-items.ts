import type { Item } from '../../catalogue/catalogue.js';
import { stableJson } from '../../core/fingerprint.js';
import { compileFilter } from '../../recommend/filter.js';
import { handler, ok } from '../call.js';
import { signerOf } from '../context.js';
import { ROUTES } from '../contract/index.js';
import { afterCursor, readAfter } from '../cursors.js';
import { itemAnswer } from '../item-answer.js';
import { knownCollection } from '../known-collection.js';

/** Rows that one request may look through for its filter; a rarer one goes on by the cursor. */
const MOST_SCANNED = 20_000;
const SCAN_PAGE = 500;

/** GET …/items: pages in byte order of ids. */
export const listItems = handler(ROUTES.listItems, async (call) => {
  const { context } = call;
  const { collection } = call.params;
  const { limit, cursor, filter } = call.query;
  await knownCollection(context, collection);
  const signer = await signerOf(context);
  const shape = stableJson(['items', collection, filter ?? null]);
  const holds = filter === undefined ? undefined : compileFilter(filter);

  const found: Item[] = [];
  let after = cursor === undefined ? undefined : readAfter(signer, shape, cursor);
  let more = true;
  for (let scanned = 0; more && found.length < limit && scanned < MOST_SCANNED; ) {
    const page = await context.deps.catalogue.items.list(collection, {
      ...(after === undefined ? {} : { after }),
      limit: holds ? SCAN_PAGE : limit,
    });
    scanned += page.rows.length;
    more = page.next !== undefined;
    after = page.next ?? after;
    for (const item of page.rows) {
      if (holds && !holds(item.attributes)) continue;
      found.push(item);
      if (found.length === limit && item !== page.rows.at(-1)) {
        // The page ends within what was read: go on right behind this item.
        more = true;
        after = item.itemId;
        break;
      }
    }
  }
  return ok({
    items: found.map((item) => itemAnswer(collection, item, call.signs ? signer : null)),
    ...(more && after !== undefined ? { nextCursor: afterCursor(signer, shape, after) } : {}),
  });
});
