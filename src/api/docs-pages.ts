import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import type { Express } from 'express';
import { PAGE_POLICY } from './headers.js';
import { sendText, trace } from './send.js';

/** Swagger UI from the package's own files; its stock start page, which asks for a pet shop, is replaced. */
const PAGE = `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Kindred: the API</title>
<link rel="icon" href="docs/favicon-32x32.png">
<link rel="stylesheet" href="docs/swagger-ui.css">
<div id="swagger-ui"></div>
<script src="docs/swagger-ui-bundle.js"></script>
<script src="docs/start.js"></script>
</html>
`;
const START = `window.ui = SwaggerUIBundle({
  url: 'openapi.yaml',
  dom_id: '#swagger-ui',
  deepLinking: true,
  validatorUrl: null,
  queryConfigEnabled: false,
  presets: [SwaggerUIBundle.presets.apis],
});
`;
const ASSETS: Readonly<Record<string, string>> = {
  'swagger-ui.css': 'text/css; charset=utf-8',
  'swagger-ui-bundle.js': 'text/javascript; charset=utf-8',
  'favicon-32x32.png': 'image/png',
};

/** `/docs`: everything it needs comes from this server. */
export function docsPages(app: Express): void {
  const html = { 'Content-Type': 'text/html; charset=utf-8', 'Content-Security-Policy': PAGE_POLICY };
  app.get('/docs', (_request, response) => {
    trace(response).operation = 'docs';
    sendText(response, 200, PAGE, html);
  });
  app.get('/docs/start.js', (_request, response) => {
    trace(response).operation = 'docs';
    sendText(response, 200, START, { 'Content-Type': 'text/javascript; charset=utf-8' });
  });
  app.get('/docs/:file', async (request, response, next) => {
    trace(response).operation = 'docs';
    const { file } = request.params;
    const type = Object.hasOwn(ASSETS, file) ? ASSETS[file] : undefined;
    if (type === undefined) return next();
    const bytes = await readFile(join(assetsFolder(), file));
    sendText(response, 200, bytes, { 'Content-Type': type, 'Cache-Control': 'public, max-age=86400' });
  });
}

const assetsFolder = (): string => dirname(createRequire(import.meta.url).resolve('swagger-ui-dist/package.json'));
