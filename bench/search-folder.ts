import { join } from 'node:path';
import { openCatalogue } from '../src/catalogue/open-catalogue.js';
import { Random } from '../src/core/random.js';
import { buildIndex, silentWork } from '../src/indexing/index-builder.js';

export const ITEMS = 20_000;
export const DIMENSION = 128;
/** Directions in which the vectors really vary: embeddings of pictures have far fewer than they have numbers. */
const LATENT = 24;
export const EF = 64;
export const COLLECTION = 'bench';

/** Vectors on a curved sheet of few dimensions with some noise around it. */
function seededEmbeddings(seed: number, items: number): Float32Array[] {
  const random = new Random(seed);
  const mix = Array.from({ length: DIMENSION }, () => Array.from({ length: LATENT }, () => random.normal()));
  return Array.from({ length: items }, () => {
    const latent = Array.from({ length: LATENT }, () => random.normal());
    return Float32Array.from(
      mix,
      (row) => Math.tanh(row.reduce((sum, weight, i) => sum + weight * latent[i]!, 0) / 4) + 0.1 * random.normal(),
    );
  });
}

/** A data folder as a server would leave it: items `i0`, `i1`, …, an index with a breadth of 64, its release. Answers the index's folder. */
export async function prepareFolder(folder: string, seed: number, items = ITEMS): Promise<string> {
  const catalogue = await openCatalogue({ dataFolder: folder, now: Date.now, ids: () => `id-${process.pid}` });
  await catalogue.collections.put(COLLECTION, { encoder: 'none', dimension: DIMENSION });
  const writes = seededEmbeddings(seed, items).map((vector, i) => {
    const itemId = `i${i}`;
    return { itemId, embeddings: [{ itemId, content: 'vector', modelId: 'none', vector }] };
  });
  for (let at = 0; at < items; at += 1000) await catalogue.items.put(COLLECTION, writes.slice(at, at + 1000));
  const indexesFolder = join(folder, 'indexes');
  await buildIndex({
    catalogue,
    collection: COLLECTION,
    modelId: 'none',
    embedder: null,
    readBlob: async () => undefined,
    indexesFolder,
    indexId: 'bench',
    minRecall: 0.9,
    seed,
    efSearch: EF,
    work: silentWork,
    now: Date.now,
  });
  await catalogue.releases.add({
    releaseId: 'bench',
    collection: COLLECTION,
    indexId: 'bench',
    modelId: 'none',
    origin: 'bench',
  });
  await catalogue.releases.activate('bench');
  await catalogue.close();
  return join(indexesFolder, 'bench');
}
