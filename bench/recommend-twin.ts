import express from 'express';

/** The bare twin: Express, a parsed body and `res.json` of whatever answer its parent has handed over, nothing else. */
let answer: unknown = {};
const app = express();
app.disable('x-powered-by');
app.disable('etag');
app.post('/v1/collections/:collection/recommendations', express.json(), (request, response) => {
  if (typeof (request.body as { user?: unknown }).user !== 'string') response.status(400);
  response.json(answer);
});

process.on('message', (given: unknown) => {
  answer = given;
  process.send!({});
});
process.on('disconnect', () => process.exit(0));
const server = app.listen(0, '127.0.0.1', () => {
  process.send!({ url: `http://127.0.0.1:${(server.address() as { port: number }).port}` });
});
