import { AppError } from '../../errors.js';
import { handler } from '../call.js';
import { ROUTES } from '../contract/index.js';

/** DELETE /v1/collections/{collection}. */
export const deleteCollection = handler(ROUTES.deleteCollection, async (call) => {
  const { collection } = call.params;
  if (!(await call.context.deps.catalogue.collections.delete(collection)))
    throw new AppError('COLLECTION_NOT_FOUND', { collection });
  return { status: 204 };
});
