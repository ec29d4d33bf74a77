import { isFiniteVector, unit, type Vector } from '../core/vectors.js';
import { AppError } from '../errors.js';
import type { LiveIndex } from '../indexing/live-index.js';
import type { Example, PlanRequest } from './planner.js';
import type { Pull } from './towards.js';

/** How much the item that is being looked at pulls, beside examples that weigh 1 or a person's taste scaled to 1. */
export const CONTEXT_WEIGHT = 1;

/**
 * The examples a request names as pulls, in order. Throws ITEM_NOT_FOUND, ITEM_NOT_EMBEDDED, and VECTOR_INVALID for a
 * vector that does not fit the index.
 */
export async function examples(index: LiveIndex, request: PlanRequest): Promise<Pull[]> {
  return Promise.all(
    request.examples.map(async (example, position) => ({
      name: example.kind === 'item' ? { itemId: example.itemId } : { example: position },
      vector: example.kind === 'item' ? await itemVector(index, example.itemId) : givenVector(index, example),
      weight: example.weight,
    })),
  );
}

/** The context item as a pull; none where it has no embedding. Throws ITEM_NOT_FOUND. */
export async function contextPull(index: LiveIndex, itemId: string | undefined): Promise<Pull[]> {
  if (itemId === undefined) return [];
  if (!index.item(itemId)) throw new AppError('ITEM_NOT_FOUND', { itemId });
  const vector = await index.vector(itemId);
  return vector ? [{ name: { itemId, from: 'context' }, vector, weight: CONTEXT_WEIGHT }] : [];
}

async function itemVector(index: LiveIndex, itemId: string): Promise<Vector> {
  if (!index.item(itemId)) throw new AppError('ITEM_NOT_FOUND', { itemId });
  const vector = await index.vector(itemId);
  if (!vector) throw new AppError('ITEM_NOT_EMBEDDED', { itemId });
  return vector;
}

function givenVector(index: LiveIndex, { vector }: Extract<Example, { kind: 'vector' }>): Vector {
  const { dimension } = index;
  if (dimension !== null && vector.length !== dimension)
    throw new AppError('VECTOR_INVALID', { why: `The vector has ${vector.length} numbers, expected ${dimension}.` });
  if (!isFiniteVector(vector))
    throw new AppError('VECTOR_INVALID', { why: 'The vector has a number that is not finite.' });
  const direction = unit(vector);
  if (direction.every((x) => x === 0))
    throw new AppError('VECTOR_INVALID', { why: 'A vector of zeros points nowhere, so nothing is similar to it.' });
  return index.placed(direction);
}
