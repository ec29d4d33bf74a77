import { handler } from '../call.js';
import { ROUTES } from '../contract/index.js';
import { sendText } from '../send.js';

/** GET /metrics, for Prometheus. */
export const metrics = handler(ROUTES.metrics, async (call) => {
  const source = call.context.deps.metrics;
  sendText(call.response, 200, await source.text(), { 'Content-Type': source.contentType });
  return undefined;
});
