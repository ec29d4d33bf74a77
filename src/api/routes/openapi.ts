import { handler } from '../call.js';
import { ROUTES } from '../contract/index.js';
import { openApiYaml } from '../open-api-yaml.js';
import { sendText } from '../send.js';

/** GET /openapi.yaml. */
export const openapi = handler(ROUTES.openapi, async (call) => {
  sendText(call.response, 200, openApiYaml(), { 'Content-Type': 'application/yaml; charset=utf-8' });
  return undefined;
});
