import { fingerprint } from '../core/fingerprint.js';

const MAGIC = 'KINDRED1';
/** Magic and the length of the header. */
const PREFIX_BYTES = 12;

/** Named vectors with a header: what `parameters.bin` and checkpoints are made of. */
export interface FloatFile {
  readonly header: Readonly<Record<string, unknown>>;
  readonly vectors: Readonly<Record<string, Float32Array>>;
}

/**
 * Layout, little-endian: 8 bytes of magic, uint32 length of the header, the header as JSON padded with spaces to a
 * multiple of 4, then the vectors as float32, in the order the header names them. The header holds their SHA-256.
 */
export function writeFloatFile({ header, vectors }: FloatFile): Uint8Array {
  const parts = Object.entries(vectors);
  const body = Buffer.concat(
    parts.map(([, vector]) => Buffer.from(vector.buffer, vector.byteOffset, vector.byteLength)),
  );
  const lengths = parts.map(([name, vector]) => [name, vector.length]);
  const json = Buffer.from(JSON.stringify({ ...header, vectors: lengths, sha256: fingerprint(body) }), 'utf8');
  const padded = Buffer.alloc(Math.ceil(json.length / 4) * 4, ' ');
  json.copy(padded);
  const prefix = Buffer.alloc(PREFIX_BYTES);
  prefix.write(MAGIC, 'latin1');
  prefix.writeUInt32LE(padded.length, MAGIC.length);
  return Buffer.concat([prefix, padded, body]);
}

/** Throws RangeError, with a sentence for people, where the bytes are not such a file, cut short or changed. */
export function readFloatFile(bytes: Uint8Array): FloatFile {
  const file = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (file.length < PREFIX_BYTES || file.toString('latin1', 0, MAGIC.length) !== MAGIC)
    throw new RangeError('this is not a file of parameters');
  const start = PREFIX_BYTES + file.readUInt32LE(MAGIC.length);
  const parsed = parseHeader(file.toString('utf8', PREFIX_BYTES, start));
  const { vectors: lengths, sha256, ...header } = parsed;
  const body = file.subarray(start);
  const expected = lengths.reduce((sum, [, length]) => sum + length, 0) * 4;
  if (body.length !== expected)
    throw new RangeError(`it should hold ${expected} bytes of numbers and holds ${body.length}`);
  if (fingerprint(body) !== sha256) throw new RangeError('its checksum does not match');
  const floats = new Float32Array(body.buffer.slice(body.byteOffset, body.byteOffset + body.length));
  const vectors: Record<string, Float32Array> = {};
  let offset = 0;
  for (const [name, length] of lengths) {
    vectors[name] = floats.subarray(offset, offset + length);
    offset += length;
  }
  return { header, vectors };
}

interface Header {
  readonly vectors: readonly [string, number][];
  readonly sha256: string;
  readonly [field: string]: unknown;
}

function parseHeader(text: string): Header {
  try {
    const header = JSON.parse(text) as Header;
    if (Array.isArray(header.vectors) && typeof header.sha256 === 'string') return header;
  } catch {
    // falls through: damaged text and a header without its fields are the same to the reader
  }
  throw new RangeError('its header is damaged');
}
