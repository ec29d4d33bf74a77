import { add, concat, mul, reshape, slice, type Tensor, type Tensor1D, type Tensor2D } from '@tensorflow/tfjs-core';
import type { Random } from '../core/random.js';
import { unit } from '../core/vectors.js';
import { featuresOf } from '../encoder/block.js';
import { standardise } from '../encoder/pixel-statistics.js';
import { inferenceScope, splitFlat } from '../encoder/scopes.js';
import type { Learner } from './learner.js';
import type { MethodQueue, Remembered } from './methods/method.js';

/** The vectors that a method's memory consists of, and how many numbers each has. */
export function memoryLengths({ method: { memory }, layout }: Learner): Readonly<Record<string, number>> {
  if (!memory) return {};
  const { queue } = memory;
  return { momentum: layout.length, ...(queue && { queue: queue.rows * queue.width }) };
}

/** At the first step the copy is the network, and the queue is filled with rows that say nothing. */
export function startingMemory(
  { method: { memory } }: Learner,
  parameters: Float32Array,
  random: Random,
): Record<string, Float32Array> {
  if (!memory) return {};
  const { queue } = memory;
  return { momentum: parameters.slice(), ...(queue && { queue: unitVectorsAtRandom(queue, random) }) };
}

function unitVectorsAtRandom({ rows, width, keys = 1 }: MethodQueue, random: Random): Float32Array {
  const all = Float32Array.from({ length: rows * width }, () => random.normal());
  const each = width / keys;
  for (let at = 0; at < all.length; at += each) all.set(unit(all.subarray(at, at + each)), at);
  return all;
}

/**
 * What a method is handed of earlier steps. The copy normalises by the running statistics and not by those of the batch,
 * so that no view can tell its partner by the company it keeps: what shuffling batches between machines is for in MoCo.
 * Cai et al. 2021, "Exponential Moving Average Normalization for Self-supervised and Semi-supervised Learning",
 * arXiv:2101.08482
 */
export function remembered(
  { encoder, method: { memory }, layout, statisticsLayout, pixels }: Learner,
  inputs: Readonly<Record<string, Tensor>>,
): Remembered {
  if (!memory) return {};
  const parameters = splitFlat(inputs['memory/momentum'] as Tensor1D, layout);
  const scope = inferenceScope(parameters, splitFlat(inputs.statistics as Tensor1D, statisticsLayout));
  const { rows, map } = featuresOf(encoder, scope, standardise(inputs.views!, pixels));
  const targets = memory.target(scope, rows as Tensor2D, map);
  const { queue } = memory;
  return { targets, ...(queue && { queue: reshape(inputs['memory/queue']!, [queue.rows, queue.width]) as Tensor2D }) };
}

/** The memory after a step: the copy a little nearer to the network, the targets of the first views in the queue. */
export function nextMemory(
  { method: { memory, viewsPerSample } }: Learner,
  inputs: Readonly<Record<string, Tensor>>,
  parameters: Tensor,
  { targets, queue }: Remembered,
): Record<string, Tensor> {
  if (!memory || !targets) return {};
  const { momentum } = memory;
  const copy =
    momentum === 0 ? parameters : add(mul(inputs['memory/momentum']!, momentum), mul(parameters, 1 - momentum));
  if (!queue) return { 'next/memory/momentum': copy };
  const [rows, width] = queue.shape;
  const fresh = Math.min(rows, targets.shape[0] / viewsPerSample);
  const rest = rows - fresh;
  const parts = [slice(targets, [0, 0], [fresh, width]), ...(rest > 0 ? [slice(queue, [0, 0], [rest, width])] : [])];
  return { 'next/memory/momentum': copy, 'next/memory/queue': reshape(concat(parts, 0), [rows * width]) };
}
