import {
  add,
  argMax,
  cast,
  concat,
  equal,
  expandDims,
  matMul,
  mean,
  mul,
  range,
  reshape,
  type Scalar,
  slice,
  sum,
  type Tensor,
  type Tensor2D,
  transpose,
} from '@tensorflow/tfjs-core';
import { z } from 'zod';
import type { Scope } from '../../encoder/block.js';
import { projectionHead } from '../../encoder/projection-head.js';
import { AppError } from '../../errors.js';
import { adaptiveAveragePool2d, unitRows } from '../../tensor/operations.js';
import { crossEntropyOfFirst } from './cross-entropy-of-first.js';
import type { Method, MethodInputs } from './method.js';
import { MocoOptions, moco } from './moco.js';
import { otherViews } from './other-views.js';

export const DenseClOptions = MocoOptions.extend({
  queue: z
    .int()
    .min(1)
    .max(65_536)
    .default(1024)
    .describe('Rows of earlier batches to compare with; every place of a view is compared with all of them.'),
  grid: z.int().min(1).max(32).default(4).describe('Side of the grid of places; a larger map is averaged to it.'),
  share: z.number().min(0).max(1).default(0.5).describe('Share of the places in the loss; the rest is of whole views.'),
});

/** The places of views: [V, S, C] as the network has them, and [V, S, P] as a head sees them. */
interface Places {
  readonly cells: Tensor;
  readonly projected: Tensor;
}

/**
 * Dense contrast: beside whole views, as in Momentum Contrast, each place of a view shall find the place of the other view
 * that the network takes for the same, as a slow copy sees it, among earlier pictures. So a map says what is where.
 * Wang et al. 2021, "Dense Contrastive Learning for Self-Supervised Visual Pre-Training", eq. 2 to 5. arXiv:2011.09157
 *
 *   l = (1 − share) · l(views) + share · mean over the places i of −log( right(i) / (right(i) + wrong(i)) )
 *   right(i) = exp( r(i) · t(c(i)) / temperature )         c(i) = argmax over the places j of cos( f(i), f'(j) )
 *   wrong(i) = sum over the queue of exp( r(i) · t / temperature )         t = the mean place of an earlier picture
 *
 * f are cells of the map, f' those that the copy has of the other view; r and t are made of them by a head of their own,
 * which has the batch normalisation that the head of whole views has.
 * @throws AppError SETTINGS_INVALID where the network has no map
 */
export function denseCl(options: z.output<typeof DenseClOptions>, { mapChannels, ...inputs }: MethodInputs): Method {
  if (mapChannels === undefined)
    throw new AppError('SETTINGS_INVALID', {
      why: '✖ The method "dense-cl" compares places, and this network keeps no map of them.',
    });
  const { grid, share, ...whole } = options;
  const { hidden, projection, temperature, momentum, queue } = whole;
  const views = moco(whole, inputs);
  const head = projectionHead('dense', mapChannels, hidden, projection);

  const placesOf = (scope: Scope, map: Tensor): Places => {
    const [count, , height, width] = map.shape as [number, number, number, number];
    const sides = [Math.min(grid, height), Math.min(grid, width)] as const;
    const pooled = height > grid || width > grid ? adaptiveAveragePool2d(map, sides) : map;
    const cells = transpose(reshape(pooled, [count, mapChannels, -1]), [0, 2, 1]);
    const projected = head.forward(scope, reshape(cells, [-1, mapChannels]));
    return { cells, projected: reshape(projected, [count, -1, projection]) };
  };
  /** A target row: the view, its mean place, its places as the head sees them, and as the network has them. */
  const packed = (view: Tensor2D, { cells, projected }: Places): Tensor2D => {
    const flat = (places: Tensor) => reshape(unitVectors(places), [view.shape[0], -1]);
    return concat([view, unitRows(mean(projected, 1)), flat(projected), flat(cells)], 1) as Tensor2D;
  };
  const unpacked = (targets: Tensor2D) => {
    const count = targets.shape[0];
    const places = (targets.shape[1] - 2 * projection) / (projection + mapChannels);
    const split = 2 * projection + places * projection;
    return {
      view: columns(targets, 0, projection),
      projected: reshape(columns(targets, 2 * projection, split), [count, places, projection]),
      cells: reshape(columns(targets, split, targets.shape[1]), [count, places, mapChannels]),
    };
  };

  return {
    viewsPerSample: 2,
    parameters: [...views.parameters, ...head.parameters],
    normalisations: [...views.normalisations, ...head.normalisations],
    memory: {
      momentum,
      queue: { rows: queue, width: 2 * projection, keys: 2 },
      target: (scope, rows, map) => packed(views.memory!.target(scope, rows), placesOf(scope, map!)),
    },
    project: views.project!,
    objective(scope, rows, { targets, queue: earlier }, map) {
      const ofViews = columns(earlier!, 0, projection);
      const ofPlaces = columns(earlier!, projection, 2 * projection);
      const { view } = unpacked(targets!);
      const other = unpacked(otherViews(targets!));

      const { cells, projected } = placesOf(scope, map!);
      const queries = unitRows(reshape(projected, [-1, projection])); // [V · S, P]
      const right = reshape(matMul(matches(unitVectors(cells), other.cells), other.projected), queries.shape);
      const similar = sum(mul(queries, right), 1, true) as Tensor2D;
      const dense = crossEntropyOfFirst(similar, matMul(queries, ofPlaces, false, true), temperature);
      const global = views.objective(scope, rows, { targets: view, queue: ofViews });
      return add(mul(global, 1 - share), mul(dense, share)) as Scalar;
    },
  };
}

/** Vectors `[V, S, C]`, each of unit length. */
const unitVectors = (x: Tensor): Tensor => reshape(unitRows(reshape(x, [-1, x.shape[2]!])), x.shape);

const columns = (rows: Tensor2D, from: number, to: number): Tensor2D =>
  slice(rows, [0, from], [rows.shape[0], to - from]);

/** `[V, S, S]`: in the row of a place a one at the place among `others` that is most similar. Unit vectors `[V, S, C]`. */
function matches(places: Tensor, others: Tensor): Tensor {
  const best = argMax(matMul(places, others, false, true), 2); // [V, S]
  return cast(equal(expandDims(best, 2), range(0, others.shape[1]!, 1, 'int32')), 'float32');
}
