import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import express from 'express';
import hnswlib from 'hnswlib-node';

/**
 * The bare twin: Express, hnswlib-node and `res.json`, nothing else, over the same graph that Kindred serves. It answers
 * the two routes that are compared, and runs the raw loop over the graph when its parent asks.
 */
const [folder, ef] = process.argv.slice(2) as [string, string];
const manifest = JSON.parse(await readFile(join(folder, 'manifest.json'), 'utf8')) as { store: { dimension: number } };
const lines = (await readFile(join(folder, 'labels.jsonl'), 'utf8')).trimEnd().split('\n');
const ids = lines.map((line) => JSON.parse(line) as string);
const graph = new hnswlib.HierarchicalNSW('ip', manifest.store.dimension);
graph.readIndexSync(join(folder, 'graph.hnsw'));
graph.setEf(Number(ef));
const points = ids.map((_, label) => graph.getPoint(label));
const labels = new Map(ids.map((id, label) => [id, label]));

function hits(point: number[], k: number, without?: number): { itemId: string; similarity: number }[] {
  const { neighbors, distances } = graph.searchKnn(point, without === undefined ? k : k + 1);
  const all: { itemId: string; similarity: number }[] = [];
  for (let i = 0; i < neighbors.length && all.length < k; i++)
    if (neighbors[i] !== without) all.push({ itemId: ids[neighbors[i]!]!, similarity: 1 - distances[i]! });
  return all;
}

const app = express();
app.disable('x-powered-by');
app.disable('etag');
app.get('/v1/collections/:collection/items/:itemId/similar', (request, response) => {
  const label = labels.get(request.params.itemId)!;
  response.json({ hits: hits(points[label]!, Number(request.query.k), label) });
});
app.post('/v1/collections/:collection/search', express.json(), (request, response) => {
  const { examples, k } = request.body as { examples: { vector: number[] }[]; k: number };
  response.json({ hits: hits(examples[0]!.vector, k) });
});

/** Searches a second of a plain loop in one process: nothing could be faster from JavaScript. */
function rawLoop(queries: number): number {
  const start = performance.now();
  for (let i = 0; i < queries; i++) hits(points[(i * 7919) % points.length]!, 10, (i * 7919) % points.length);
  return queries / ((performance.now() - start) / 1000);
}

process.on('message', (queries: number) => process.send!({ rawPerSecond: rawLoop(queries) }));
process.on('disconnect', () => process.exit(0));
const server = app.listen(0, '127.0.0.1', () => {
  process.send!({ url: `http://127.0.0.1:${(server.address() as { port: number }).port}` });
});
