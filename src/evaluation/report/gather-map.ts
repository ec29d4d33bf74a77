import { dot } from '../../core/vectors.js';
import { pca } from '../pca.js';
import { countRows, type Rows } from '../rows.js';
import type { PictureMap } from './findings.js';

/** Embeddings on the plane of their two largest variances, each axis stretched to [0, 1]. */
export async function gatherMap({ values, dimension }: Rows): Promise<PictureMap> {
  const { components, eigenvalues } = await pca(values, dimension);
  const total = eigenvalues.reduce((sum, value) => sum + value, 0);
  const along = (axis: number): Float32Array => {
    const direction = components.subarray(axis * dimension, (axis + 1) * dimension);
    const places = Float32Array.from({ length: countRows({ values, dimension }) }, (_, i) =>
      dot(values.subarray(i * dimension, (i + 1) * dimension), direction),
    );
    return stretched(places);
  };
  return {
    x: along(0),
    y: dimension > 1 ? along(1) : along(0),
    share: total > 0 ? (eigenvalues[0]! + (eigenvalues[1] ?? 0)) / total : 0,
  };
}

function stretched(places: Float32Array): Float32Array {
  const low = places.reduce((a, b) => Math.min(a, b), Number.POSITIVE_INFINITY);
  const span = places.reduce((a, b) => Math.max(a, b), Number.NEGATIVE_INFINITY) - low;
  return places.map((place) => (span > 0 ? (place - low) / span : 0.5));
}
