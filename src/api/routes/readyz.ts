import { AppError } from '../../errors.js';
import { handler, ok } from '../call.js';
import { ROUTES } from '../contract/index.js';

/** GET /readyz: 503 until every index is loaded and caught up. */
export const readyz = handler(ROUTES.readyz, async (call) => {
  const pending = call.context.deps.live.pending();
  if (pending !== null) throw new AppError('NOT_READY', { why: `Not ready yet: ${pending}` });
  return ok({ status: 'ready' });
});
