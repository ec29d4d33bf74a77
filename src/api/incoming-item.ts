import { AppError } from '../errors.js';
import type { Context } from './context.js';
import type { ItemWrite } from './contract/item-schemas.js';
import type { IncomingItem } from './deps.js';
import { original } from './pictures.js';

/** Attributes stay in memory beside the graph, so one item's have a bound. */
const MAX_ATTRIBUTE_BYTES = 65_536;

/** Throws REQUEST_INVALID where the attributes of one item are too many. */
export function checkAttributes(attributes: ItemWrite['attributes']): void {
  if (attributes !== undefined && JSON.stringify(attributes).length > MAX_ATTRIBUTE_BYTES) {
    const why = `The attributes of an item may have ${MAX_ATTRIBUTE_BYTES} characters as JSON.`;
    throw new AppError('REQUEST_INVALID', { why }, { issues: [{ path: 'attributes', message: why }] });
  }
}

/** What the intake takes, its picture decoded from base64 or fetched. Throws what `original` throws. */
export async function incomingItem(
  context: Context,
  write: ItemWrite & { readonly itemId: string },
  options: { readonly signal: AbortSignal; readonly patient?: boolean },
): Promise<IncomingItem> {
  const { itemId, attributes, image, imageUrl, vector } = write;
  checkAttributes(attributes);
  const source = image !== undefined ? { image } : imageUrl !== undefined ? { imageUrl } : undefined;
  return {
    itemId,
    ...(attributes === undefined ? {} : { attributes }),
    ...(source === undefined ? {} : { original: await original(context, source, options) }),
    ...(vector === undefined ? {} : { vector: Float32Array.from(vector) }),
  };
}
