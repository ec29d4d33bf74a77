import type { Whitening } from '../encoder/whitening.js';
import { findsFew, type PcaOptions, pca } from '../evaluation/pca.js';

/**
 * Keeps axes on which (almost) nothing varies from being blown up: the variance of this axis, or of the one three eighths
 * down where there are few. A share of the largest would follow the few directions on which all pictures differ: drawings
 * want three times the share that clothes do, and this is what either wants.
 */
const [FLOOR_AXIS, FLOOR_SHARE] = [192, 3 / 8];
/** As a share of the largest variance, the least that the floor is. */
const LEAST_FLOOR = 1e-4;

/** Embeddings that it is fitted on: seventeen for each feature of the default network. */
export const FITTED_AT_MOST = 20_000;

/** How far variances are evened out: 1 makes all axes alike, 0.5 goes half the way, 0 leaves them as they are. */
export const WHITENING_POWERS = { none: 0, half: 0.5, full: 1 } as const;

/** Whether the exported encoder needs a map behind the network: to even out variances, or to have no more axes than asked for. */
export const needsWhitening = (
  { whitening, dimension }: { readonly whitening: keyof typeof WHITENING_POWERS; readonly dimension: number },
  width: number,
): boolean => whitening !== 'none' || width > dimension;

/**
 * PCA whitening of unit embeddings: centre, turn to the principal axes, divide by (λ + floor)^(power / 2). It needs
 * no labels: it stops the few directions on which all pictures differ from deciding every neighbourhood.
 * Jégou and Chum 2012, "Negative evidences and co-occurrences in image retrieval: the benefit of PCA and whitening".
 * Of the principal axes, `axes` are kept, those with the most variance: all where there are no more.
 * @param rows unit rows, flat
 * @throws AppError CANCELLED once `signal` is aborted while few of many axes are sought
 */
export async function fitWhitening(
  rows: Float32Array,
  dimension: number,
  power: number,
  { axes = dimension, signal }: PcaOptions = {},
): Promise<Whitening> {
  const kept = Math.min(axes, dimension);
  const { mean, components, eigenvalues } = await pca(rows, dimension, { axes: kept, signal });
  const floor = floorOf(eigenvalues, Math.min(dimension, rows.length / dimension));
  const matrix = new Float32Array(dimension * kept);
  for (let k = 0; k < kept; k++) {
    const scale = (eigenvalues[k]! + floor) ** (-power / 2);
    for (let i = 0; i < dimension; i++) matrix[i * kept + k] = components[k * dimension + i]! * scale;
  }
  return { dimension, mean, matrix };
}

/** @param varying axes that can have a variance */
function floorOf(variances: Float32Array, varying: number): number {
  const axis = Math.min(FLOOR_AXIS, Math.ceil(FLOOR_SHARE * varying), variances.length);
  return Math.max(variances[axis - 1]!, LEAST_FLOOR * variances[0]!, 1e-15);
}

/** What fitting takes on one core of 2020, in seconds: a product of matrices, and a cubic solve or one for few axes. */
export function fittingSeconds(count: number, dimension: number, axes: number): number {
  const solve = findsFew(axes, dimension) ? (4 * dimension * axes ** 2) / 1e9 : 0.7 * (dimension / 512) ** 3;
  return (count * dimension ** 2) / 2.5e10 + solve;
}
