import express, { type Express } from 'express';
import { PAGE_POLICY, SAFE_HEADERS } from './headers.js';
import { sendText, trace } from './send.js';

const NOT_BUILT = `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<title>Kindred</title>
<h1>Kindred is running</h1>
<p>The page is not built here. Build it with <code>npm run page</code> and start again.
<p>The API is all there: <a href="docs">its documentation</a>.
</html>
`;

/** The built page at `/`, or a sentence that says how to build it. */
export function page(app: Express, folder: string | null): void {
  if (folder === null) {
    app.get('/', (_request, response) => {
      trace(response).operation = 'page';
      sendText(response, 200, NOT_BUILT, {
        'Content-Type': 'text/html; charset=utf-8',
        'Content-Security-Policy': PAGE_POLICY,
      });
    });
    return;
  }
  const files = express.static(folder, { redirect: false, dotfiles: 'ignore', setHeaders });
  app.use((request, response, next) => {
    if (request.method !== 'GET' && request.method !== 'HEAD') return next();
    trace(response).operation = 'page';
    return files(request, response, next);
  });
}

function setHeaders(response: express.Response, path: string): void {
  for (const [name, value] of Object.entries(SAFE_HEADERS)) response.setHeader(name, value);
  response.setHeader('Content-Security-Policy', PAGE_POLICY);
  response.setHeader('X-Request-Id', trace(response).requestId);
  // What the build names by its content never changes; index.html names the rest.
  const lasting = /[\\/]assets[\\/]/.test(path);
  response.setHeader('Cache-Control', lasting ? 'public, max-age=31536000, immutable' : 'no-cache');
}
