import type { NewEvent } from '../../catalogue/catalogue.js';
import type { AppError } from '../../errors.js';
import { type Call, handler, ok } from '../call.js';
import { ROUTES } from '../contract/index.js';
import { Event } from '../contract/schemas.js';
import { epochMilliseconds } from '../iso-time.js';
import { parseJson } from '../json-text.js';
import { knownCollection } from '../known-collection.js';
import { bodyLines, lineTooLong } from '../lines.js';
import { parseWith } from '../parse-with.js';
import { toAppError } from '../problem.js';

/** Events in one transaction. */
const BATCH = 1_000;
const PAUSE_MS = 50;
const LINE_BYTES = 65_536;
/** Failures that are told one by one, the others only counted: a body of any length must not fill the memory. */
const MOST_TOLD = 10_000;

interface Failed {
  readonly line: number;
  readonly code: string;
  readonly message: string;
}

/** POST …/events: one or a list as JSON, or JSON Lines. */
export const addEvents = handler(ROUTES.addEvents, async (call) => {
  await knownCollection(call.context, call.params.collection);
  const tally = new Tally(call);
  if (call.json === undefined) await readLines(call, tally);
  else if (Array.isArray(call.json)) {
    for (const [i, event] of call.json.entries()) await tally.take(i + 1, () => parseWith(Event, event));
  } else {
    const event = call.json as Event;
    await tally.take(1, () => event);
  }
  await tally.flush();
  return ok(tally.answer());
});

async function readLines(call: Call<typeof ROUTES.addEvents>, tally: Tally): Promise<void> {
  const { idleMs } = call.context;
  for await (const line of bodyLines(call.request, { limitBytes: LINE_BYTES, pauseMs: PAUSE_MS, idleMs })) {
    if (line === null) await tally.flush();
    else
      await tally.take(line.number, () => {
        if (line.bytes === null) throw lineTooLong(LINE_BYTES);
        return parseWith(Event, parseJson(line.bytes));
      });
  }
}

/** Counts while events are written batch by batch. A batch that can't be written fails the request. */
class Tally {
  readonly #call: Call<typeof ROUTES.addEvents>;
  readonly #failed: Failed[] = [];
  #batch: NewEvent[] = [];
  #accepted = 0;
  #duplicates = 0;
  #failedUnlisted = 0;

  constructor(call: Call<typeof ROUTES.addEvents>) {
    this.#call = call;
  }

  async take(line: number, read: () => Event): Promise<void> {
    try {
      this.#batch.push(newEvent(read(), this.#call.context.deps.now()));
    } catch (failure) {
      this.#fail(line, toAppError(failure));
    }
    if (this.#batch.length >= BATCH) await this.flush();
  }

  async flush(): Promise<void> {
    if (this.#batch.length === 0) return;
    const batch = this.#batch;
    this.#batch = [];
    const { events } = this.#call.context.deps.catalogue;
    const { accepted, duplicates } = await events.add(this.#call.params.collection, batch);
    this.#accepted += accepted;
    this.#duplicates += duplicates;
  }

  answer() {
    const told = { accepted: this.#accepted, duplicates: this.#duplicates, failed: this.#failed };
    return this.#failedUnlisted === 0 ? told : { ...told, failedUnlisted: this.#failedUnlisted };
  }

  #fail(line: number, { code, message }: AppError): void {
    if (this.#failed.length < MOST_TOLD) this.#failed.push({ line, code, message });
    else this.#failedUnlisted++;
  }
}

function newEvent({ userId, sessionId, itemId, kind, time, value, eventId }: Event, now: number): NewEvent {
  return {
    itemId,
    kind,
    time: time === undefined ? now : typeof time === 'number' ? Math.round(time) : epochMilliseconds(time),
    ...(userId === undefined ? {} : { userId }),
    ...(sessionId === undefined ? {} : { sessionId }),
    ...(value === undefined ? {} : { value }),
    ...(eventId === undefined ? {} : { eventId }),
  };
}
