import type { IncomingMessage } from 'node:http';
import { pipeline } from 'node:stream/promises';
import busboy from 'busboy';
import { AppError } from '../errors.js';
import { bodyChunks, type Hold } from './body-stream.js';
import { parseJson } from './json-text.js';

export interface Form {
  /** Text fields by name; those that look like JSON values are parsed by `formFields`. */
  readonly fields: ReadonlyMap<string, string>;
  /** The files named `image`, in order. */
  readonly files: readonly Buffer[];
}

const MAX_FIELD_BYTES = 1_048_576;
const MAX_FIELDS = 32;

const broken = (why: string, cause?: unknown): AppError => new AppError('REQUEST_INVALID', { why }, { cause });

/**
 * Reads multipart/form-data as it arrives, nothing larger than its bound. Throws REQUEST_INVALID for a broken form,
 * a repeated field or a file of another name, BODY_TOO_LARGE, and PICTURE_TOO_LARGE.
 */
export async function readForm(
  request: IncomingMessage,
  limits: { readonly files: number; readonly fileBytes: number; readonly hold: Hold; readonly idleMs: number },
): Promise<Form> {
  const fields = new Map<string, string>();
  const files: Buffer[] = [];
  let failure: AppError | undefined;
  const parser = createParser(request, limits);
  const fail = (error: AppError): void => {
    failure ??= error;
    parser.destroy(failure);
  };

  parser.on('field', (name, value, info) => {
    if (info.nameTruncated || info.valueTruncated)
      fail(new AppError('BODY_TOO_LARGE', { limit: `${MAX_FIELD_BYTES} bytes a field` }));
    else if (fields.has(name)) fail(broken(`The field "${name}" comes twice.`));
    else fields.set(name, value);
  });
  parser.on('file', (name, stream) => {
    const chunks: Buffer[] = [];
    stream.on('data', (chunk: Buffer) => chunks.push(chunk));
    stream.on('limit', () => fail(new AppError('PICTURE_TOO_LARGE', { limit: `${limits.fileBytes} bytes` })));
    stream.on('error', () => {});
    stream.on('end', () => files.push(Buffer.concat(chunks)));
    if (name !== 'image') fail(broken(`A file must be named "image", not "${name}".`));
  });
  parser.on('filesLimit', () => fail(broken(`At most ${limits.files} files are taken.`)));
  parser.on('fieldsLimit', () => fail(broken(`At most ${MAX_FIELDS} fields are taken.`)));
  parser.on('partsLimit', () => fail(broken('The form has too many parts.')));

  try {
    await pipeline(held(bodyChunks(request, limits.idleMs), limits.hold), parser);
  } catch (cause) {
    if (failure) throw failure;
    throw cause instanceof AppError ? cause : broken('The multipart form is broken.', cause);
  }
  return { fields, files };
}

async function* held(chunks: AsyncIterable<Buffer>, hold: Hold): AsyncGenerator<Buffer> {
  for await (const chunk of chunks) {
    hold(chunk.length);
    yield chunk;
  }
}

function createParser(request: IncomingMessage, limits: { files: number; fileBytes: number }): busboy.Busboy {
  try {
    return busboy({
      headers: request.headers,
      defParamCharset: 'utf8',
      limits: {
        fieldNameSize: 128,
        fieldSize: MAX_FIELD_BYTES,
        fields: MAX_FIELDS,
        files: limits.files,
        fileSize: limits.fileBytes,
        parts: MAX_FIELDS + limits.files,
        headerPairs: 32,
      },
    });
  } catch (cause) {
    throw broken('The multipart form has no boundary.', cause);
  }
}

/** Text fields as values: JSON where it is JSON, else the text. `plain` fields stay text whatever they look like. */
export function formFields(form: Form, plain: readonly string[]): Record<string, unknown> {
  const entries = [...form.fields].map(([name, text]): [string, unknown] => {
    if (name === '__proto__') throw broken('A field must not be called "__proto__".');
    if (plain.includes(name)) return [name, text];
    try {
      return [name, parseJson(Buffer.from(text))];
    } catch (cause) {
      throw new AppError(
        'REQUEST_INVALID',
        { why: `The field "${name}" is not JSON text.` },
        { cause, issues: [{ path: name, message: 'Expected JSON text.' }] },
      );
    }
  });
  return Object.fromEntries(entries);
}
