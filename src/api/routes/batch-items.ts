import { once } from 'node:events';
import type { Response } from 'express';
import type { AppError } from '../../errors.js';
import { type Call, handler } from '../call.js';
import { ROUTES } from '../contract/index.js';
import { ItemLine } from '../contract/item-schemas.js';
import type { IncomingItem } from '../deps.js';
import { incomingItem } from '../incoming-item.js';
import { parseJson } from '../json-text.js';
import { knownCollection } from '../known-collection.js';
import { bodyLines, type Line, lineTooLong } from '../lines.js';
import { parseWith } from '../parse-with.js';
import { toAppError } from '../problem.js';
import { bodyLimit } from '../read-request.js';
import { head, trace } from '../send.js';

/** Lines that are embedded and committed together, and their bytes at most. */
const BATCH_LINES = 64;
const BATCH_BYTES = 32 * 1_048_576;
/** When no line has come for this long, what is there is written: somebody who sends line by line gets answers. */
const PAUSE_MS = 25;
/** Results that may wait for a client that does not read; beyond it no more lines are read. */
const MOST_WAITING_BYTES = 8 * 1_048_576;
/** How long a client may go without reading once so much waits. */
const UNREAD_MS = 120_000;

type BatchCall = Call<typeof ROUTES.batchItems>;
interface Result {
  readonly line: number;
  readonly itemId?: string;
  readonly status: 'stored' | 'unchanged' | 'failed';
  readonly code?: string;
  readonly message?: string;
}

/** POST …/items:batch: JSON Lines in, one result line each out, in bounded memory whatever the length. */
export const batchItems = handler(ROUTES.batchItems, async (call) => {
  const { context, response } = call;
  await knownCollection(context, call.params.collection);
  const limitBytes = bodyLimit(ROUTES.batchItems.body, context.deps.settings.KINDRED_MAX_UPLOAD_BYTES);
  const signal = call.signal();
  let batch: Line[] = [];
  let sizeBytes = 0;
  const flush = async (): Promise<void> => {
    if (batch.length === 0) return;
    const lines = batch;
    [batch, sizeBytes] = [[], 0];
    await writeResults(response, await storeBatch(call, lines, limitBytes, signal));
  };

  for await (const line of bodyLines(call.request, { limitBytes, pauseMs: PAUSE_MS, idleMs: context.idleMs })) {
    if (signal.aborted) return undefined;
    if (line) {
      batch.push(line);
      sizeBytes += line.bytes?.length ?? 0;
    }
    if (line === null || batch.length >= BATCH_LINES || sizeBytes >= BATCH_BYTES) await flush();
  }
  await flush();
  begin(response);
  response.end();
  return undefined;
});

function begin(response: Response): void {
  if (!response.headersSent) head(response, 200, { 'Content-Type': 'application/x-ndjson' });
}

async function writeResults(response: Response, results: readonly Result[]): Promise<void> {
  begin(response);
  response.write(results.map((result) => `${JSON.stringify(result)}\n`).join(''));
  if (response.writableLength < MOST_WAITING_BYTES) return;
  await once(response, 'drain', { signal: AbortSignal.timeout(UNREAD_MS) });
}

/** One result a line, in order. Nothing that a line brings, and nothing that happens to it, stops the others. */
async function storeBatch(
  call: BatchCall,
  lines: readonly Line[],
  limitBytes: number,
  signal: AbortSignal,
): Promise<Result[]> {
  const read = await Promise.all(lines.map((line) => readLine(call, line, limitBytes, signal)));
  const items = read.flatMap((one) => (one.item ? [one.item] : []));
  const stored = await storeItems(call, items);
  let next = 0;
  return read.map(({ line, itemId, item, failure }): Result => {
    const known = itemId === undefined ? { line } : { line, itemId };
    const result = item ? stored[next++] : failure;
    if (!result || result instanceof Error) return { ...known, status: 'failed', ...told(result) };
    return { ...known, status: result.changed ? 'stored' : 'unchanged' };
  });
}

const told = (failure: AppError | undefined) => ({
  code: failure?.code ?? 'INTERNAL',
  message: failure?.message ?? 'Something went wrong here.',
});

async function storeItems(call: BatchCall, items: readonly IncomingItem[]) {
  if (items.length === 0) return [];
  const { embedGate, deps } = call.context;
  const put = () => deps.intake.put(call.params.collection, items);
  try {
    return await (items.some(({ original }) => original) ? embedGate.through(put, { patient: true }) : put());
  } catch (failure) {
    const error = toAppError(failure);
    if (error.status === 500)
      deps.log.error({ requestId: trace(call.response).requestId, err: error.cause ?? error }, error.message);
    return items.map(() => error);
  }
}

interface ReadLine {
  readonly line: number;
  readonly itemId?: string;
  readonly item?: IncomingItem;
  readonly failure?: AppError;
}

async function readLine(call: BatchCall, line: Line, limitBytes: number, signal: AbortSignal): Promise<ReadLine> {
  let itemId: string | undefined;
  try {
    if (line.bytes === null) throw lineTooLong(limitBytes);
    const value = parseJson(line.bytes);
    const named = (value as { itemId?: unknown } | null)?.itemId;
    if (typeof named === 'string') itemId = named.slice(0, 512);
    const item = await incomingItem(call.context, parseWith(ItemLine, value), { signal, patient: true });
    return { line: line.number, itemId: item.itemId, item };
  } catch (failure) {
    const error = toAppError(failure);
    return { line: line.number, ...(itemId === undefined ? {} : { itemId }), failure: error };
  }
}
