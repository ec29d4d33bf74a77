import type { Random } from '../../core/random.js';
import { knn, type Neighbours } from '../knn.js';
import { countRows, type Rows } from '../rows.js';
import type { Neighbour, Neighbourhood } from './findings.js';

const QUERIES = 12;
const NEAREST = 6;

/** Some pictures drawn at random, and which others the model and the pixels call nearest. Both sides are unit rows. */
export async function gatherNeighbourhoods(model: Rows, pixels: Rows, random: Random): Promise<Neighbourhood[]> {
  const count = countRows(model);
  const k = Math.min(NEAREST, count - 1);
  const leaveOut = (query: number): number => query;
  const [near, nearPixels] = [await knn(model, model, k, { leaveOut }), await knn(pixels, pixels, k, { leaveOut })];
  return Array.from(random.permutation(count).subarray(0, QUERIES), (picture) => ({
    picture,
    model: listed(near, picture),
    pixels: listed(nearPixels, picture),
  }));
}

function listed({ k, rows, similarities }: Neighbours, query: number): Neighbour[] {
  return Array.from({ length: k }, (_, i) => ({
    picture: rows[query * k + i]!,
    similarity: similarities[query * k + i]!,
  }));
}
