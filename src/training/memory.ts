import {
  add,
  concat,
  mul,
  reshape,
  slice,
  sub,
  type Tensor,
  type Tensor1D,
  type Tensor2D,
} from '@tensorflow/tfjs-core';
import type { Random } from '../core/random.js';
import { unit } from '../core/vectors.js';
import { featuresOf } from '../encoder/block.js';
import { standardise } from '../encoder/pixel-statistics.js';
import { inferenceScope, splitFlat } from '../encoder/scopes.js';
import type { TensorSpecs, Values } from '../tensor/engine.js';
import type { Learner } from './learner.js';
import type { Method, MethodQueue, Remembered } from './methods/method.js';

/** The vectors that a method's memory consists of, and how many numbers each has. */
export function memoryLengths({
  method: { memory },
  layout,
  statisticsLayout,
}: Learner): Readonly<Record<string, number>> {
  if (!memory) return {};
  const { queue } = memory;
  return {
    momentum: layout.length,
    momentumStatistics: statisticsLayout.length,
    ...(queue && { queue: queue.rows * queue.width }),
  };
}

/** At the first step the copy is the network, and the queue is filled with rows that say nothing. */
export function startingMemory(
  { method: { memory } }: Learner,
  { parameters, statistics }: { readonly parameters: Float32Array; readonly statistics: Float32Array },
  random: Random,
): Record<string, Float32Array> {
  if (!memory) return {};
  const { queue } = memory;
  return {
    momentum: parameters.slice(),
    momentumStatistics: statistics.slice(),
    ...(queue && { queue: unitVectorsAtRandom(queue, random) }),
  };
}

function unitVectorsAtRandom({ rows, width, keys = 1 }: MethodQueue, random: Random): Float32Array {
  const all = Float32Array.from({ length: rows * width }, () => random.normal());
  const each = width / keys;
  for (let at = 0; at < all.length; at += each) all.set(unit(all.subarray(at, at + each)), at);
  return all;
}

/**
 * What a method is handed of earlier steps. The copy normalises by running statistics and not by those of the batch, so
 * that no view can tell its partner by the company it keeps: what shuffling batches between machines is for in MoCo. They
 * follow as slowly as its parameters, which those of the network itself would not fit. Cai et al. 2021, "Exponential
 * Moving Average Normalization for Self-supervised and Semi-supervised Learning", arXiv:2101.08482
 */
export function remembered(
  { encoder, method: { memory }, layout, statisticsLayout, pixels }: Learner,
  inputs: Readonly<Record<string, Tensor>>,
): Remembered {
  if (!memory) return {};
  const parameters = splitFlat(inputs['memory/momentum'] as Tensor1D, layout);
  const statistics = splitFlat(inputs['memory/momentumStatistics'] as Tensor1D, statisticsLayout);
  const scope = inferenceScope(parameters, statistics);
  const { rows, map } = featuresOf(encoder, scope, standardise(inputs.views!, pixels));
  const targets = memory.target(scope, rows as Tensor2D, map);
  const { queue } = memory;
  return { targets, ...(queue && { queue: reshape(inputs['memory/queue']!, [queue.rows, queue.width]) as Tensor2D }) };
}

/** What a step takes of a method's memory: `memory/NAME`, and `scalar/kept` [1] where there is any. */
export function memoryInputs(learner: Learner): TensorSpecs {
  const lengths = Object.entries(memoryLengths(learner)).map(([name, length]) => [`memory/${name}`, length] as const);
  const all = lengths.length > 0 ? [...lengths, ['scalar/kept', 1] as const] : [];
  return Object.fromEntries(all.map(([name, length]) => [name, { shape: [length], dtype: 'float32' }]));
}

/** A copy follows faster while it is young, since the network still changes by the step. */
const HASTE = 10;

/**
 * The share of itself that the copy keeps at a step, min( momentum, (1 + step) / (10 + step) ), as an input: what it
 * started with is soon forgotten.
 */
export const memoryScalars = ({ memory }: Pick<Method, 'memory'>, step: number): Values =>
  memory ? { 'scalar/kept': Float32Array.of(Math.min(memory.momentum, (1 + step) / (HASTE + step))) } : {};

/** The memory after a step: the copy a little nearer to the network, the targets of the first views in the queue. */
export function nextMemory(
  { method: { memory, viewsPerSample } }: Learner,
  inputs: Readonly<Record<string, Tensor>>,
  { parameters, statistics }: { readonly parameters: Tensor; readonly statistics: Tensor },
  { targets, queue }: Remembered,
): Record<string, Tensor> {
  if (!memory || !targets) return {};
  const kept = inputs['scalar/kept']!;
  const nearer = (copy: Tensor, network: Tensor) => add(mul(copy, kept), mul(network, sub(1, kept)));
  const copy = {
    'next/memory/momentum': nearer(inputs['memory/momentum']!, parameters),
    'next/memory/momentumStatistics': nearer(inputs['memory/momentumStatistics']!, statistics),
  };
  if (!queue) return copy;
  const [rows, width] = queue.shape;
  const fresh = Math.min(rows, targets.shape[0] / viewsPerSample);
  const rest = rows - fresh;
  const parts = [slice(targets, [0, 0], [fresh, width]), ...(rest > 0 ? [slice(queue, [0, 0], [rest, width])] : [])];
  return { ...copy, 'next/memory/queue': reshape(concat(parts, 0), [rows * width]) };
}
