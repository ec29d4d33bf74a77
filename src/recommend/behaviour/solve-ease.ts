import { type Histories, type Occurrences, occurrencesOf } from './histories.js';
import { invertPositive } from './invert-positive.js';
import { type FitOptions, pause } from './source.js';

/**
 * The side of the largest matrix that is inverted: EASE needs as few items, or as few people, as this. At 3,072 the
 * matrix takes 75 MB.
 */
export const MOST_EASE_SIDE = 3_072;
/** λ: how strongly weights are held back. */
const RIDGE = 100;

/** EASE, solved: adds h · B to nothing: `into` is overwritten. */
export type SolvedEase = (
  history: readonly { readonly item: number; readonly weight: number }[],
  into: Float32Array,
) => void;

/**
 * EASE: the item-to-item weights B with an empty diagonal that best rebuild everybody's items X from themselves,
 * B = I − P diagMat(1 / diag(P)) with P = (XᵀX + λI)⁻¹. Steck 2019, "Embarrassingly Shallow Autoencoders for Sparse
 * Data", arXiv:1905.03251, eq. 8.
 *
 * Where there are fewer people than items the small side is inverted, by Woodbury's identity: with M = (XXᵀ + λI)⁻¹,
 * λP = I − XᵀMX. Null where both sides are larger than `MOST_EASE_SIDE`. Throws CANCELLED.
 */
export function solveEase(histories: Histories, { signal, shared }: FitOptions): Promise<SolvedEase | null> {
  return shared('ease', async () => {
    const { items, people } = histories;
    if (Math.min(items, people) > MOST_EASE_SIDE) return null;
    return items <= people ? solveByItems(histories, signal) : solveByPeople(histories, signal);
  });
}

async function solveByItems(histories: Histories, signal: AbortSignal | undefined): Promise<SolvedEase> {
  const { items, people, starts, itemAt, weightAt } = histories;
  const inverse = new Float64Array(items * items);
  for (let p = 0; p < people; p++) {
    if (p % 512 === 0) await pause(signal);
    for (let a = starts[p]!; a < starts[p + 1]!; a++) {
      if (weightAt[a]! <= 0) continue;
      const row = itemAt[a]! * items;
      for (let b = starts[p]!; b < starts[p + 1]!; b++) if (weightAt[b]! > 0) inverse[row + itemAt[b]!]! += 1;
    }
  }
  for (let i = 0; i < items; i++) inverse[i * items + i]! += RIDGE;
  await invertPositive(inverse, items, signal);
  return (history, into) => {
    into.fill(0);
    for (const { item, weight } of history) {
      for (let j = 0; j < items; j++) {
        if (j !== item) into[j]! -= (weight * inverse[item * items + j]!) / inverse[j * items + j]!;
      }
    }
  };
}

async function solveByPeople(histories: Histories, signal: AbortSignal | undefined): Promise<SolvedEase> {
  const { items, people } = histories;
  const whose = occurrencesOf(histories);
  const inverse = new Float64Array(people * people);
  for (let i = 0; i < items; i++) {
    if (i % 512 === 0) await pause(signal);
    for (let a = whose.starts[i]!; a < whose.starts[i + 1]!; a++) {
      const row = whose.personAt[a]! * people;
      for (let b = whose.starts[i]!; b < whose.starts[i + 1]!; b++) inverse[row + whose.personAt[b]!]! += 1;
    }
  }
  for (let p = 0; p < people; p++) inverse[p * people + p]! += RIDGE;
  await invertPositive(inverse, people, signal);
  const diagonal = await diagonalOf(whose, items, inverse, people, signal);
  return (history, into) => {
    const spread = spreadOver(history, whose, inverse, people);
    for (let j = 0; j < items; j++) {
      let sum = 0;
      for (let k = whose.starts[j]!; k < whose.starts[j + 1]!; k++) sum += spread[whose.personAt[k]!]!;
      into[j] = sum / diagonal[j]!;
    }
    // λ(hP)_j = h_j − sum, so that an item of the history keeps h_j (1 − 1 / λP_jj) of its own.
    for (const { item, weight } of history) into[item]! += weight - weight / diagonal[item]!;
  };
}

/** λ diag(P): 1 − xᵀMx for each item's column x. */
async function diagonalOf(
  { starts, personAt }: Occurrences,
  items: number,
  inverse: Float64Array,
  people: number,
  signal: AbortSignal | undefined,
): Promise<Float64Array> {
  const diagonal = new Float64Array(items);
  for (let i = 0; i < items; i++) {
    if (i % 512 === 0) await pause(signal);
    let sum = 0;
    for (let a = starts[i]!; a < starts[i + 1]!; a++) {
      const row = personAt[a]! * people;
      for (let b = starts[i]!; b < starts[i + 1]!; b++) sum += inverse[row + personAt[b]!]!;
    }
    diagonal[i] = 1 - sum;
  }
  return diagonal;
}

/** M X hᵀ, [people]. */
function spreadOver(
  history: readonly { readonly item: number; readonly weight: number }[],
  { starts, personAt }: Occurrences,
  inverse: Float64Array,
  people: number,
): Float64Array {
  const touched = new Float64Array(people);
  for (const { item, weight } of history) {
    for (let k = starts[item]!; k < starts[item + 1]!; k++) touched[personAt[k]!]! += weight;
  }
  const spread = new Float64Array(people);
  for (let p = 0; p < people; p++) {
    const share = touched[p]!;
    if (share === 0) continue;
    const row = p * people;
    for (let q = 0; q < people; q++) spread[q]! += share * inverse[row + q]!;
  }
  return spread;
}
