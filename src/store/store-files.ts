import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { open, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { StringDecoder } from 'node:string_decoder';
import { z } from 'zod';
import { fingerprint, fingerprintFile } from '../core/fingerprint.js';
import { AppError } from '../errors.js';
import { UnitRows } from './unit-rows.js';

const Sha256 = z.string().regex(/^[0-9a-f]{64}$/);

/** What the binary graph does not say of itself, and what must hold before it is loaded. */
export const StoreManifest = z.object({
  dimension: z.number().int().positive(),
  /** Inner product of unit vectors: cosine similarity. */
  space: z.literal('ip'),
  M: z.number().int().min(2).max(256),
  efConstruction: z.number().int().positive(),
  efSearch: z.number().int().positive(),
  seed: z.number().int().nonnegative(),
  /** Items in the graph; labels are 0 to count − 1, in the order of the lines of `labels.jsonl`. */
  count: z.number().int().nonnegative(),
  sha256: z.object({ graph: Sha256, labels: Sha256, vectors: Sha256 }),
});
export type StoreManifest = z.output<typeof StoreManifest>;

export const STORE_FILES = { graph: 'graph.hnsw', labels: 'labels.jsonl', vectors: 'vectors.f32' } as const;

/** Writes labels and vectors, has the graph written, and answers what to check when they are read again. */
export async function writeStoreFiles(
  folder: string,
  settings: Omit<StoreManifest, 'count' | 'sha256'>,
  rows: UnitRows,
  writeGraph: (path: string) => Promise<unknown>,
): Promise<StoreManifest> {
  const labels = Array.from({ length: rows.rows }, (_, row) => `${JSON.stringify(rows.id(row)!)}\n`).join('');
  const block = rows.block.subarray(0, rows.rows * rows.dimension);
  const vectors = Buffer.from(block.buffer, block.byteOffset, block.byteLength);
  await writeGraph(join(folder, STORE_FILES.graph));
  await writeFile(join(folder, STORE_FILES.labels), labels);
  await writeFile(join(folder, STORE_FILES.vectors), vectors);
  return {
    ...settings,
    count: rows.rows,
    sha256: {
      graph: await fingerprintFile(join(folder, STORE_FILES.graph)),
      labels: fingerprint(labels),
      vectors: fingerprint(vectors),
    },
  };
}

/** Whether the files are there and match their hashes. Throws INDEX_DAMAGED. */
export async function verifyStoreFiles(folder: string, { sha256 }: StoreManifest): Promise<void> {
  await eachPart(folder, sha256, { vectors: fingerprintFile, labels: fingerprintFile, graph: fingerprintFile });
}

type Part = keyof typeof STORE_FILES;

/** Reads every file; each reader answers the SHA-256 of what it saw. */
async function eachPart(
  folder: string,
  sha256: Readonly<Record<Part, string>>,
  readers: Readonly<Record<Part, (path: string) => Promise<string>>>,
): Promise<void> {
  for (const part of ['vectors', 'labels', 'graph'] as const) {
    const found = await readers[part](join(folder, STORE_FILES[part])).catch((cause: unknown) => {
      throw damaged(folder, `its file ${STORE_FILES[part]} is missing or can not be read.`, cause);
    });
    if (found !== sha256[part]) throw damaged(folder, `its file ${STORE_FILES[part]} does not match its checksum.`);
  }
}

/** Bytes that are read, hashed and taken in at a time: about a millisecond. */
const PIECE = 1 << 20;

/**
 * Reads labels and vectors and vouches for the graph's file. A server does this between queries, so it goes piece by
 * piece and never holds the event loop for long. Throws INDEX_DAMAGED.
 */
export async function readStoreFiles(
  folder: string,
  manifest: StoreManifest,
): Promise<{ rows: UnitRows; graphFile: string }> {
  const { count, dimension, sha256 } = manifest;
  const rows = new UnitRows(dimension, new Float32Array(Math.max(64, count) * dimension));
  await eachPart(folder, sha256, {
    vectors: (path) => readVectors(path, rows.block.subarray(0, count * dimension)),
    labels: (path) => readLabels(path, rows, count),
    graph: fingerprintFile,
  });
  if (rows.live !== count) throw damaged(folder, 'its labels are not as many as its items.');
  return { rows, graphFile: join(folder, STORE_FILES.graph) };
}

/** Fills `block` from a file of as many bytes, and answers its SHA-256. */
async function readVectors(path: string, block: Float32Array): Promise<string> {
  const bytes = new Uint8Array(block.buffer, block.byteOffset, block.byteLength);
  const hash = createHash('sha256');
  const file = await open(path);
  try {
    const { size } = await file.stat();
    if (size !== bytes.length) throw new RangeError(`Expected ${bytes.length} bytes, found ${size}.`);
    for (let at = 0; at < bytes.length; ) {
      const piece = bytes.subarray(at, at + PIECE);
      const { bytesRead } = await file.read(piece, 0, piece.length, at);
      if (bytesRead === 0) throw new RangeError('The file became shorter while it was read.');
      hash.update(piece.subarray(0, bytesRead));
      at += bytesRead;
    }
  } finally {
    await file.close();
  }
  return hash.digest('hex');
}

/** Names the rows by the lines of a file, and answers its SHA-256. */
async function readLabels(path: string, rows: UnitRows, count: number): Promise<string> {
  const hash = createHash('sha256');
  const decoder = new StringDecoder('utf8');
  let rest = '';
  for await (const chunk of createReadStream(path)) {
    hash.update(chunk as Buffer);
    const lines = (rest + decoder.write(chunk as Buffer)).split('\n');
    rest = lines.pop()!;
    for (const line of lines) {
      const itemId: unknown = JSON.parse(line);
      if (typeof itemId !== 'string' || rows.rows === count) throw new RangeError('A line is no label of an item.');
      rows.name(itemId);
    }
  }
  return hash.digest('hex');
}

/** A folder of indexes is named by ids, so its last part says which. */
function damaged(folder: string, why: string, cause?: unknown): AppError {
  return new AppError('INDEX_DAMAGED', { indexId: basename(folder), why }, { cause });
}
