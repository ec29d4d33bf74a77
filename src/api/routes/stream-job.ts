import { setTimeout as pause } from 'node:timers/promises';
import { AppError } from '../../errors.js';
import { handler } from '../call.js';
import { ROUTES } from '../contract/index.js';
import { jobAnswer, knownJob, toldJob } from '../job-answer.js';
import { head } from '../send.js';

const LOOK_MS = 300;
/** Silence after which a comment keeps proxies from closing the connection, in ms. */
const COMMENT_MS = 15_000;
const MOST_FOLLOWERS = 64;
const ENDED = new Set(['succeeded', 'failed', 'cancelled']);

let followers = 0;

/** GET /v1/admin/jobs/{jobId}/events: the job whenever it has changed, until it ends. */
export const streamJob = handler(ROUTES.streamJob, async (call) => {
  const { context, response } = call;
  let job = await toldJob(context, await knownJob(context, call.caller, call.params.jobId));
  if (followers >= MOST_FOLLOWERS) throw new AppError('OVERLOADED', {});
  head(response, 200, { 'Content-Type': 'text/event-stream', 'X-Accel-Buffering': 'no' });
  if (call.request.method === 'HEAD') {
    response.end();
    return undefined;
  }
  const stop = AbortSignal.any([call.signal(), context.closing]);
  followers += 1;
  try {
    let told = '';
    for (let silentMs = 0; ; silentMs += LOOK_MS) {
      const text = JSON.stringify(jobAnswer(job));
      if (text !== told) response.write(`event: job\ndata: ${text}\n\n`);
      else if (silentMs >= COMMENT_MS) response.write(': still here\n\n');
      if (text !== told || silentMs >= COMMENT_MS) silentMs = 0;
      told = text;
      if (ENDED.has(job.state) || stop.aborted) break;
      await pause(LOOK_MS, undefined, { signal: stop }).catch(() => {});
      if (stop.aborted) break;
      job = await toldJob(context, await knownJob(context, call.caller, call.params.jobId));
    }
  } finally {
    followers -= 1;
  }
  response.end();
  return undefined;
});
