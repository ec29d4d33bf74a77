import { readFile, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { z } from 'zod';
import { fingerprint, fingerprintFile } from '../core/fingerprint.js';
import { AppError } from '../errors.js';
import type { UnitRows } from './unit-rows.js';

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
  /** Items in the graph; labels are 0 to count − 1, in the order of `labels.json`. */
  count: z.number().int().nonnegative(),
  sha256: z.object({ graph: Sha256, labels: Sha256, vectors: Sha256 }),
});
export type StoreManifest = z.output<typeof StoreManifest>;

export const STORE_FILES = { graph: 'graph.hnsw', labels: 'labels.json', vectors: 'vectors.f32' } as const;

/** Writes labels and vectors, has the graph written, and answers what to check when they are read again. */
export async function writeStoreFiles(
  folder: string,
  settings: Omit<StoreManifest, 'count' | 'sha256'>,
  rows: UnitRows,
  writeGraph: (path: string) => Promise<unknown>,
): Promise<StoreManifest> {
  const ids = Array.from({ length: rows.rows }, (_, row) => rows.id(row)!);
  const labels = JSON.stringify(ids);
  const block = rows.block.subarray(0, rows.rows * rows.dimension);
  const vectors = Buffer.from(block.buffer, block.byteOffset, block.byteLength);
  await writeGraph(join(folder, STORE_FILES.graph));
  await writeFile(join(folder, STORE_FILES.labels), labels);
  await writeFile(join(folder, STORE_FILES.vectors), vectors);
  return {
    ...settings,
    count: ids.length,
    sha256: {
      graph: await fingerprintFile(join(folder, STORE_FILES.graph)),
      labels: fingerprint(labels),
      vectors: fingerprint(vectors),
    },
  };
}

/** Whether the files are there and match their hashes. Read as streams: a server does this between queries. */
export async function verifyStoreFiles(folder: string, { sha256 }: StoreManifest): Promise<void> {
  for (const part of ['graph', 'labels', 'vectors'] as const) {
    const found = await fingerprintFile(join(folder, STORE_FILES[part])).catch((cause: unknown) => {
      throw damaged(folder, `its file ${STORE_FILES[part]} is missing or can not be read.`, cause);
    });
    if (found !== sha256[part]) throw damaged(folder, `its file ${STORE_FILES[part]} does not match its checksum.`);
  }
}

/** Reads labels and vectors and vouches for the graph's file. Throws INDEX_DAMAGED. */
export async function readStoreFiles(
  folder: string,
  manifest: StoreManifest,
): Promise<{ ids: readonly string[]; block: Float32Array; graphFile: string }> {
  await verifyStoreFiles(folder, manifest);
  const labels = await readFile(join(folder, STORE_FILES.labels));
  const vectors = await readFile(join(folder, STORE_FILES.vectors));
  const ids = z.array(z.string()).safeParse(JSON.parse(labels.toString('utf8')));
  if (!ids.success || ids.data.length !== manifest.count || new Set(ids.data).size !== manifest.count)
    throw damaged(folder, 'its labels are not as many as its items.');
  if (vectors.byteLength !== manifest.count * manifest.dimension * 4)
    throw damaged(folder, 'its vectors are not as many as its items.');
  const block = new Float32Array(Math.max(64, manifest.count) * manifest.dimension);
  new Uint8Array(block.buffer).set(vectors);
  return { ids: ids.data, block, graphFile: join(folder, STORE_FILES.graph) };
}

/** A folder of indexes is named by ids, so its last part says which. */
function damaged(folder: string, why: string, cause?: unknown): AppError {
  return new AppError('INDEX_DAMAGED', { indexId: basename(folder), why }, { cause });
}
