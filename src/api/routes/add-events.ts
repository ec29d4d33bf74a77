import type { NewEvent, Shown } from '../../catalogue/catalogue.js';
import { AppError } from '../../errors.js';
import { type Call, handler, ok } from '../call.js';
import { Event, SHOWN_FIELDS } from '../contract/event-schemas.js';
import { ROUTES } from '../contract/index.js';
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
    for (const [i, event] of call.json.entries()) {
      tally.take(i + 1, () => parseWith(Event, event));
      if (tally.isFull()) await tally.flush();
    }
  } else {
    // Alone it is refused as a whole, so what is wrong with it is thrown from here.
    tally.add(newEvent(call.json as Event, call.context.deps.now()));
  }
  await tally.flush();
  return ok(await tally.answer());
});

async function readLines(call: Call<typeof ROUTES.addEvents>, tally: Tally): Promise<void> {
  const { idleMs } = call.context;
  for await (const line of bodyLines(call.request, { limitBytes: LINE_BYTES, pauseMs: PAUSE_MS, idleMs })) {
    if (line)
      tally.take(line.number, () => {
        if (line.bytes === null) throw lineTooLong(LINE_BYTES);
        return parseWith(Event, parseJson(line.bytes));
      });
    if (line === null || tally.isFull()) await tally.flush();
  }
}

/** Counts while events are written batch by batch. A batch that can't be written fails the request. */
class Tally {
  readonly #call: Call<typeof ROUTES.addEvents>;
  readonly #failed: Failed[] = [];
  #batch: NewEvent[] = [];
  #writing: Promise<void> | undefined;
  #accepted = 0;
  #duplicates = 0;
  #failedUnlisted = 0;

  constructor(call: Call<typeof ROUTES.addEvents>) {
    this.#call = call;
  }

  take(line: number, read: () => Event): void {
    try {
      this.add(newEvent(read(), this.#call.context.deps.now()));
    } catch (failure) {
      this.#fail(line, toAppError(failure));
    }
  }

  add(event: NewEvent): void {
    this.#batch.push(event);
  }

  isFull(): boolean {
    return this.#batch.length >= BATCH;
  }

  /** Sends the batch on its way, after the one before it: the next is read meanwhile, and the order stays. */
  async flush(): Promise<void> {
    if (this.#batch.length === 0) return;
    const batch = this.#batch;
    this.#batch = [];
    await this.#writing;
    this.#writing = this.#write(batch);
    this.#writing.catch(() => {}); // waited for with the next batch or the answer; until then it is not unhandled
  }

  async #write(batch: readonly NewEvent[]): Promise<void> {
    const { events } = this.#call.context.deps.catalogue;
    const { accepted, duplicates } = await events.add(this.#call.params.collection, batch);
    this.#accepted += accepted;
    this.#duplicates += duplicates;
  }

  /** Once everything is on disk. */
  async answer() {
    await this.#writing;
    const told = { accepted: this.#accepted, duplicates: this.#duplicates, failed: this.#failed };
    return this.#failedUnlisted === 0 ? told : { ...told, failedUnlisted: this.#failedUnlisted };
  }

  #fail(line: number, { code, message }: AppError): void {
    if (this.#failed.length < MOST_TOLD) this.#failed.push({ line, code, message });
    else this.#failedUnlisted++;
  }
}

function newEvent(event: Event, now: number): NewEvent {
  const { userId, sessionId, itemId, kind, time, value, eventId } = event;
  const shown = SHOWN_FIELDS.filter((field) => event[field] !== undefined).map((field) => [field, event[field]]);
  return {
    itemId,
    kind,
    time: time === undefined ? now : eventTime(time, now),
    ...(userId === undefined ? {} : { userId }),
    ...(sessionId === undefined ? {} : { sessionId }),
    ...(value === undefined ? {} : { value }),
    ...(eventId === undefined ? {} : { eventId }),
    ...(shown.length === 0 ? {} : { shown: Object.fromEntries(shown) as Shown }),
  };
}

/** Clocks of devices go wrong, and zones are mistaken: by so much an event may be ahead of this server. */
const MOST_AHEAD_MS = 86_400_000;
/** 0000-01-01, the first day whose year ISO 8601 writes with four digits. */
const YEAR_0 = -62_167_219_200_000;

/** Epoch milliseconds. Throws REQUEST_INVALID for what lies ahead, or before the year 0. */
function eventTime(time: NonNullable<Event['time']>, now: number): number {
  const ms = typeof time === 'number' ? Math.round(time) : epochMilliseconds(time);
  if (ms >= YEAR_0 && ms <= now + MOST_AHEAD_MS) return ms;
  const message =
    ms < YEAR_0 ? 'An event is not older than the year 0.' : "An event is at most a day ahead of the server's clock.";
  throw new AppError('REQUEST_INVALID', { why: `time: ${message}` }, { issues: [{ path: 'time', message }] });
}
