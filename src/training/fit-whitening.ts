import type { Whitening } from '../encoder/whitening.js';
import { findsFew, type PcaOptions, pca } from '../evaluation/pca.js';

/** Keeps axes on which (almost) nothing varies from being blown up, as a share of the largest variance. */
const FLOOR = 0.003;

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
 * PCA whitening of unit embeddings: centre, turn to the principal axes, divide by (λ + 0.003 λmax)^(power / 2). It needs
 * no labels: it stops the few directions on which all pictures differ from deciding every neighbourhood.
 * Jégou and Chum 2012, "Negative evidences and co-occurrences in image retrieval: the benefit of PCA and whitening".
 * @param rows unit rows, flat
 * Of the principal axes, `axes` are kept, those with the most variance: all where there are no more.
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
  const floor = FLOOR * Math.max(eigenvalues[0]!, 1e-12);
  const matrix = new Float32Array(dimension * kept);
  for (let k = 0; k < kept; k++) {
    const scale = (eigenvalues[k]! + floor) ** (-power / 2);
    for (let i = 0; i < dimension; i++) matrix[i * kept + k] = components[k * dimension + i]! * scale;
  }
  return { dimension, mean, matrix };
}

/** What fitting takes on one core of 2020, in seconds: a product of matrices, and a cubic solve or one for few axes. */
export function fittingSeconds(count: number, dimension: number, axes: number): number {
  const solve = findsFew(axes, dimension) ? (4 * dimension * axes ** 2) / 1e9 : 0.7 * (dimension / 512) ** 3;
  return (count * dimension ** 2) / 2.5e10 + solve;
}
