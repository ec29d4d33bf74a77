import { createReadStream } from 'node:fs';
import { createInterface } from 'node:readline';
import { parse } from 'csv-parse';
import { z } from 'zod';
import { EventFields } from '../api/contract/event-schemas.js';
import { AppError } from '../errors.js';
import type { PersonEvent } from '../recommend/behaviour/histories.js';

export interface ReadEvents {
  readonly events: readonly PersonEvent[];
  /** Lines that are no event, or say not whose or when. */
  readonly skipped: number;
  /** What is wrong with the first of them. */
  readonly firstSkipped?: string;
}

/** Events as the API takes them, whose and when they were; what else a log says of them is passed over. */
const LoggedEvent = z
  .object(
    EventFields.pick({ userId: true, sessionId: true, itemId: true, kind: true, time: true }).required({ time: true })
      .shape,
  )
  .refine(({ userId, sessionId }) => userId !== undefined || sessionId !== undefined, {
    error: 'there is neither a userId nor a sessionId',
  });

/**
 * An event log: JSON Lines as `POST …/events` takes them, or CSV whose first line names the columns. Lines that can't be
 * used are counted. Throws EVENTS_UNREADABLE where the file can't be read.
 */
export async function readEvents(path: string): Promise<ReadEvents> {
  const events: PersonEvent[] = [];
  let skipped = 0;
  let firstSkipped: string | undefined;
  let line = 0;
  try {
    for await (const value of /\.csv$/i.test(path) ? csvRecords(path) : jsonValues(path)) {
      line++;
      const parsed = LoggedEvent.safeParse(value);
      if (parsed.success) {
        const { userId, sessionId, itemId, kind, time } = parsed.data;
        const person = userId === undefined ? `session ${sessionId}` : `user ${userId}`;
        events.push({ person, itemId, kind, time: typeof time === 'number' ? time : epochMilliseconds(time) });
      } else {
        skipped++;
        firstSkipped ??= `entry ${line}: ${z.prettifyError(parsed.error).replaceAll(/\s*\n\s*/g, ' ')}`;
      }
    }
  } catch (cause) {
    throw new AppError('EVENTS_UNREADABLE', { why: `${path}: ${(cause as Error).message}` }, { cause });
  }
  return { events, skipped, ...(firstSkipped === undefined ? {} : { firstSkipped }) };
}

async function* jsonValues(path: string): AsyncGenerator<unknown> {
  const input = createReadStream(path, 'utf8');
  for await (const text of createInterface({ input, crlfDelay: Number.POSITIVE_INFINITY })) {
    const bare = text.replace(/^\ufeff/, '').trim();
    if (bare === '') continue;
    yield jsonOr(bare);
  }
}

/** The value of a line; the text itself, which is no event, where it is no JSON. */
function jsonOr(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

/** An empty field is none; a time of digits alone is epoch milliseconds. */
async function* csvRecords(path: string): AsyncGenerator<unknown> {
  const parser = parse({ bom: true, columns: true, relax_column_count: true, skip_empty_lines: true, trim: true });
  const input = createReadStream(path).on('error', (cause) => parser.destroy(cause));
  for await (const record of input.pipe(parser) as AsyncIterable<Record<string, string>>) {
    const fields = Object.fromEntries(Object.entries(record).filter(([, text]) => text !== ''));
    yield /^-?\d+$/.test(fields.time ?? '') ? { ...fields, time: Number(fields.time) } : fields;
  }
}

/** ISO 8601; UTC where it names no offset, as the API reads it. */
const epochMilliseconds = (text: string): number =>
  Date.parse(text.includes('T') && !/(Z|[+-]\d{2}:?\d{2})$/.test(text) ? `${text}Z` : text);
