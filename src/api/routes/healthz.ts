import { handler, ok } from '../call.js';
import { ROUTES } from '../contract/index.js';

/** GET /healthz: this process answers. */
export const healthz = handler(ROUTES.healthz, async (call) =>
  ok({ status: 'ok', version: call.context.deps.version }),
);
