import { isUtf8 } from 'node:buffer';
import { AppError, type Issue } from '../errors.js';

/** Levels of lists and objects that a body may nest. */
export const MAX_DEPTH = 64;
const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const LONE_SURROGATE = /\p{Surrogate}/u;

const refuse = (why: string, path?: string): AppError =>
  new AppError('REQUEST_INVALID', { why }, path === undefined ? {} : { issues: [{ path, message: why }] });

/**
 * Parses JSON from outside: UTF-8 only, at most MAX_DEPTH deep, numbers finite, no `__proto__`, no half surrogates. What
 * comes out may be walked by recursion and spread into objects. Throws REQUEST_INVALID.
 */
export function parseJson(bytes: Buffer): unknown {
  if (!isUtf8(bytes)) throw refuse('The text is not UTF-8.');
  if (depth(bytes) > MAX_DEPTH) throw refuse(`The JSON is more than ${MAX_DEPTH} levels deep.`);
  const text = bytes.toString('utf8');
  let value: unknown;
  try {
    value = JSON.parse(text.charCodeAt(0) === 0xfeff ? text.slice(1) : text);
  } catch (cause) {
    throw new AppError('REQUEST_INVALID', { why: 'The body is not valid JSON.' }, { cause, issues: [notJson(cause)] });
  }
  // Half a surrogate pair can only come from an escape, since the bytes are UTF-8.
  refuseStrange(value, '', text.includes('\\u'));
  return value;
}

const notJson = (cause: unknown): Issue => ({ path: '', message: cause instanceof Error ? cause.message : 'not JSON' });

/** The deepest nesting, read off the bytes before anything is built. Strings are skipped by a native search. */
function depth(bytes: Buffer): number {
  let level = 0;
  let deepest = 0;
  for (let i = 0; i < bytes.length; i++) {
    const byte = bytes[i]!;
    if (byte === QUOTE) {
      i = endOfString(bytes, i + 1);
      if (i < 0) return deepest;
    } else if (byte === 0x5b || byte === 0x7b) {
      level += 1;
      if (level > deepest) deepest = level;
      if (deepest > MAX_DEPTH) return deepest;
    } else if (byte === 0x5d || byte === 0x7d) level -= 1;
  }
  return deepest;
}

/** Where the string that begins at `from` has its closing quote; −1 where it has none. */
function endOfString(bytes: Buffer, from: number): number {
  for (let quote = bytes.indexOf(QUOTE, from); quote >= 0; quote = bytes.indexOf(QUOTE, quote + 1)) {
    let backslashes = 0;
    while (quote - 1 - backslashes >= from && bytes[quote - 1 - backslashes] === BACKSLASH) backslashes += 1;
    if (backslashes % 2 === 0) return quote;
  }
  return -1;
}

function refuseStrange(value: unknown, path: string, checkText: boolean): void {
  if (typeof value === 'number') {
    // 1e999 parses to Infinity.
    if (!Number.isFinite(value)) throw refuse('A number is too large.', path);
  } else if (typeof value === 'string') {
    if (checkText && LONE_SURROGATE.test(value)) throw refuse('A string has half of a surrogate pair.', path);
  } else if (Array.isArray(value)) {
    for (let i = 0; i < value.length; i++) {
      // Vectors are lists of many numbers: nothing is made for one that is as it should be.
      if (!Number.isFinite(value[i])) refuseStrange(value[i], `${path}[${i}]`, checkText);
    }
  } else if (value !== null && typeof value === 'object') {
    for (const [key, part] of Object.entries(value)) {
      if (key === '__proto__') throw refuse('A field must not be called "__proto__".', path);
      if (checkText && LONE_SURROGATE.test(key)) throw refuse('A field name has half of a surrogate pair.', path);
      refuseStrange(part, path === '' ? key : `${path}.${key}`, checkText);
    }
  }
}
