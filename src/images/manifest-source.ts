import { createReadStream } from 'node:fs';
import { realpath } from 'node:fs/promises';
import { dirname, isAbsolute, join, normalize, resolve, sep } from 'node:path';
import { createInterface } from 'node:readline';
import { parse } from 'csv-parse';
import { z } from 'zod';
import { AppError } from '../errors.js';
import { DEFAULT_LIMITS, type PictureLimits } from './decode.js';
import type { FetchPicture } from './fetch-picture.js';
import { brokenPicture, itemIdOf, readPictureFile } from './folder-source.js';
import type { PictureSource, SourcePicture } from './picture-source.js';

export interface ManifestOptions {
  readonly limits?: PictureLimits;
  /** What fetches a `url`; without it, such lines are skipped and named. */
  readonly fetchPicture?: FetchPicture;
}

/** A line of a manifest: one of `path` and `url`, an id where it isn't the path or url itself, and attributes. */
const Line = z
  .looseObject({ path: z.string().optional(), url: z.string().optional(), id: z.coerce.string().optional() })
  .refine(({ path, url }) => (path ?? '') !== '' || (url ?? '') !== '', { error: 'there is neither a path nor a url' });

type Parsed = { readonly line: number } & ({ readonly value: unknown } | { readonly wrong: string });

const MAX_LINE = 1_000_000; // Characters of a JSON line.

async function* jsonLines(path: string): AsyncGenerator<Parsed> {
  let line = 0;
  for await (const text of createInterface({
    input: createReadStream(path, 'utf8'),
    crlfDelay: Number.POSITIVE_INFINITY,
  })) {
    line++;
    const bare = line === 1 ? text.replace(/^\ufeff/, '') : text;
    if (bare.trim() === '') continue;
    try {
      if (bare.length > MAX_LINE) throw new Error('it is too long');
      yield { line, value: JSON.parse(bare) };
    } catch (cause) {
      yield { line, wrong: (cause as Error).message };
    }
  }
}

const CSV = {
  bom: true,
  relax_column_count: true,
  relax_quotes: true,
  skip_empty_lines: true,
  trim: true,
  info: true,
  max_record_size: MAX_LINE,
  skip_records_with_error: true,
} as const;

/** The first line names the columns. An empty field is no attribute; what reads as a number stays text, as it was. */
async function* csvLines(path: string): AsyncGenerator<Parsed> {
  const wrong: Parsed[] = [];
  const parser = createReadStream(path)
    .on('error', (cause) => parser.destroy(cause))
    .pipe(parse(CSV))
    .on('skip', (error: Error & { lines?: number }) => wrong.push({ line: error.lines ?? 0, wrong: error.message }));
  let columns: readonly string[] | undefined;
  for await (const { record, info } of parser as AsyncIterable<{ record: string[]; info: { lines: number } }>) {
    yield* wrong.splice(0);
    const line = info.lines;
    if (columns === undefined) columns = checkedColumns(path, record);
    else if (record.length === columns.length) yield { line, value: fieldsOf(columns, record) };
    else yield { line, wrong: `it has ${record.length} fields, and the first line ${columns.length}` };
  }
  yield* wrong;
}

function checkedColumns(path: string, columns: readonly string[]): readonly string[] {
  if (columns.includes('path') || columns.includes('url')) return columns;
  throw new AppError('SOURCE_UNUSABLE', { why: `${path} has no column "path" and none "url"` });
}

const fieldsOf = (columns: readonly string[], record: readonly string[]): object =>
  Object.fromEntries(columns.map((name, i) => [name, record[i]!]).filter(([, text]) => text !== ''));

/** Reads a path of the manifest, which must stay within the manifest's folder, links followed. */
async function readConfined(folder: string, path: string, limits: PictureLimits): Promise<Buffer> {
  const outside = new AppError('PICTURE_UNREADABLE', { why: 'its path leads out of the folder of the manifest' });
  if (isAbsolute(path) || normalize(path).split(/[\\/]/)[0] === '..') throw outside;
  const root = await realpath(folder);
  const target = await realpath(join(root, path)).catch((cause: NodeJS.ErrnoException) => {
    throw new AppError('PICTURE_UNREADABLE', { why: `the file can't be read (${cause.code})` }, { cause });
  });
  if (!target.startsWith(root.endsWith(sep) ? root : root + sep)) throw outside;
  return readPictureFile(target, limits);
}

/**
 * The pictures that a CSV (first line: columns) or JSON Lines file names, in its order: `path`, relative to the
 * manifest and within its folder, or `url`; `id`, else the path or url; every other field is an attribute. A line that
 * can't be used, or whose id another line has, is listed as a picture that can't be read, so that it is named.
 */
export function manifestSource(manifest: string, options: ManifestOptions = {}): PictureSource {
  const { limits = DEFAULT_LIMITS, fetchPicture } = options;
  const folder = dirname(resolve(manifest));

  function pictureOf(value: unknown, name: string, seen: Map<string, string>): SourcePicture {
    const parsed = Line.safeParse(value);
    if (!parsed.success) return brokenPicture(name, z.prettifyError(parsed.error).replace(/^✖ /, ''));
    const { path, url, id, ...attributes } = parsed.data;
    const place = path ?? url!;
    const itemId = itemIdOf(id === undefined || id === '' ? place : id);
    const before = seen.get(itemId);
    if (before !== undefined) return brokenPicture(name, `its id "${itemId}" is that of ${before}`);
    seen.set(itemId, name);
    if (path === undefined && fetchPicture === undefined) return brokenPicture(name, 'addresses are not fetched here');
    const read = () => (path === undefined ? fetchPicture!(place) : readConfined(folder, place, limits));
    return { name: place, itemId, attributes, read };
  }

  return {
    description: `manifest ${manifest}`,
    async *list() {
      const seen = new Map<string, string>();
      const lines = /\.csv$/i.test(manifest) ? csvLines(manifest) : jsonLines(manifest);
      try {
        for await (const each of lines) {
          const name = `${manifest} line ${each.line}`;
          yield 'wrong' in each ? brokenPicture(name, each.wrong) : pictureOf(each.value, name, seen);
        }
      } catch (cause) {
        if (cause instanceof AppError) throw cause;
        throw new AppError('SOURCE_UNUSABLE', { why: `${manifest}: ${(cause as Error).message}` }, { cause });
      }
    },
  };
}
