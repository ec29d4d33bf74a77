import type { IncomingMessage } from 'node:http';
import { AppError } from '../errors.js';
import { bodyChunks } from './body-stream.js';

/** One line of JSON Lines: its number from 1, and its bytes; null where it was longer than the bound. */
export interface Line {
  readonly number: number;
  readonly bytes: Buffer | null;
}

const NEWLINE = 0x0a;

/**
 * The lines of a body of any length, grouped as they arrive: `null` between groups says that nothing has come for
 * `pauseMs`, so that whoever collects may work off what there is. Empty lines are counted and passed over. A line that
 * is longer than `limitBytes` is dropped as it comes, and handed on as null bytes.
 */
export async function* bodyLines(
  request: IncomingMessage,
  { limitBytes, pauseMs, idleMs }: { readonly limitBytes: number; readonly pauseMs: number; readonly idleMs: number },
): AsyncGenerator<Line | null> {
  const chunks = bodyChunks(request, idleMs)[Symbol.asyncIterator]();
  let pieces: Buffer[] = [];
  let sizeBytes = 0;
  let number = 0;

  const take = (piece: Buffer): void => {
    sizeBytes += piece.length;
    if (sizeBytes > limitBytes) pieces = [];
    else if (piece.length > 0) pieces.push(piece);
  };
  const finish = (): Line | undefined => {
    number += 1;
    const line = sizeBytes > limitBytes ? null : Buffer.concat(pieces);
    pieces = [];
    sizeBytes = 0;
    return line !== null && isBlank(line) ? undefined : { number, bytes: line };
  };

  try {
    let coming = chunks.next();
    for (;;) {
      const next = await orPause(coming, pauseMs);
      if (next === null) {
        yield null;
        const late = await coming;
        if (late.done) break;
        coming = Promise.resolve(late);
        continue;
      }
      if (next.done) break;
      const chunk = next.value;
      let start = 0;
      for (let end = chunk.indexOf(NEWLINE); end >= 0; end = chunk.indexOf(NEWLINE, start)) {
        take(chunk.subarray(start, end));
        const line = finish();
        if (line) yield line;
        start = end + 1;
      }
      take(chunk.subarray(start));
      coming = chunks.next();
    }
    if (sizeBytes > 0) {
      const line = finish();
      if (line) yield line;
    }
  } finally {
    // Not awaited: it would wait for a chunk that may never come.
    chunks.return?.(undefined).catch(() => {});
  }
}

async function orPause<T>(coming: Promise<T>, pauseMs: number): Promise<T | null> {
  let timer: NodeJS.Timeout | undefined;
  const pause = new Promise<null>((resolve) => {
    timer = setTimeout(() => resolve(null), pauseMs);
  });
  try {
    coming.catch(() => {}); // whoever stops reading lines must not leave a rejection behind
    return await Promise.race([coming, pause]);
  } finally {
    clearTimeout(timer);
  }
}

function isBlank(bytes: Buffer): boolean {
  for (const byte of bytes) if (byte !== 0x20 && byte !== 0x09 && byte !== 0x0d) return false;
  return true;
}

/** The error of a line that was too long. */
export const lineTooLong = (limitBytes: number): AppError =>
  new AppError('BODY_TOO_LARGE', { limit: `${limitBytes} bytes a line` });
