import { mean, reshape, reverse, slice, type Tensor, transpose } from '@tensorflow/tfjs-core';
import { z } from 'zod';
import { AppError } from '../../errors.js';
import { loadCpuBackend } from '../../tensor/cpu-backend.js';
import { readModel } from '../../tensor/onnx/read-model.js';
import { trace } from '../../tensor/trace.js';
import type { Block, ParameterSpec, Scope } from '../block.js';
import type { SavedTensor } from '../parameters-file.js';
import { planBackbone } from './plan.js';
import { runPlan } from './run-plan.js';

export const ImportedOptions = z.strictObject({
  output: z.string().optional().describe('The value of the graph that is taken as features; its first output.'),
  order: z.enum(['rgb', 'bgr']).default('rgb').describe('Order in which the network takes the channels.'),
  tokens: z.enum(['first', 'mean']).default('first').describe('What stands for a picture where it becomes tokens.'),
});
export type ImportedOptions = z.output<typeof ImportedOptions>;

/** Put before the names a file has, so that they can't meet those of a head. */
export const PREFIX = 'backbone/';

/** A network that was not born here, as it travels with its weights in `parameters.bin`. */
export interface ImportedFile {
  /** Bytes of the ONNX file; weights may have been taken out of it. */
  readonly graph: Uint8Array;
  /** The weights that were taken out, and others that are passed over. */
  readonly parameters: Readonly<Record<string, SavedTensor>>;
}

/**
 * The network of an ONNX file: its operators as operations of ours, its weights as parameters. Maps are averaged to one
 * vector; of tokens the first is taken, or the mean.
 * @param shape `[channels, height, width]` of what goes in
 * @throws AppError BACKBONE_INVALID, BACKBONE_OPERATOR_UNKNOWN
 */
export async function imported(options: ImportedOptions, shape: readonly number[], file: ImportedFile): Promise<Block> {
  await loadCpuBackend();
  const model = readModel(file.graph);
  const constants = new Map(model.constants);
  for (const [name, { shape: each, values }] of Object.entries(file.parameters))
    if (name.startsWith(PREFIX)) constants.set(name.slice(PREFIX.length), { shape: each, type: 'float32', values });
  const inputs = model.inputs.filter(({ name }) => !constants.has(name));
  const plan = planBackbone({ ...model, constants, inputs }, options.output);
  const adapt = adapter(plan.input.shape, shape, options.order);
  const parameters = plan.parameters.map((spec) => ({ ...spec, name: PREFIX + spec.name }));
  const seen: Runs = (x, weight) => runPlan(plan, adapt(x), weight);
  const features: Runs = (x, weight) => pooled(seen(x, weight), x.shape[0]!, options, plan.output);
  const { width, isMap } = traced({ features, seen }, shape, parameters);
  const weightsOf = (scope: Scope) => (name: string) => scope.parameter(PREFIX + name);
  return {
    parameters,
    normalisations: [],
    width,
    forward: (scope, x) => features(x, weightsOf(scope)),
    ...(isMap && {
      dense(scope: Scope, x: Tensor) {
        const map = seen(x, weightsOf(scope));
        return { map, rows: pooled(map, x.shape[0]!, options, plan.output) };
      },
    }),
  };
}

/** Prepared pixels `[N, C, H, W]` as the file wants them. Throws BACKBONE_INVALID where its input is something else. */
function adapter(
  wanted: readonly (number | undefined)[],
  [channels, height, width]: readonly number[],
  order: ImportedOptions['order'],
): (x: Tensor) => Tensor {
  const last = takesChannelsLast(wanted);
  const given = last ? [height, width, channels] : [channels, height, width];
  const fits = wanted.length === 4 && wanted.slice(1).every((extent, i) => extent === undefined || extent === given[i]);
  if (!fits) {
    const extents = wanted.map((extent) => extent ?? '?').join(', ');
    throw new AppError('BACKBONE_INVALID', { why: `it takes [${extents}], and pictures are [N, ${given.join(', ')}]` });
  }
  return (x) => {
    const ordered = order === 'bgr' ? reverse(x, 1) : x;
    return last ? transpose(ordered, [0, 2, 3, 1]) : ordered;
  };
}

/** Whether an input `[N, …, …, …]` has its channels at the end. */
export function takesChannelsLast([, first, , last]: readonly (number | undefined)[]): boolean {
  const counts = (extent: number | undefined) => extent === 1 || extent === 3;
  return counts(last) && !counts(first);
}

/** `[N, width]` of whatever a network gives for N pictures. */
function pooled(y: Tensor, count: number, { tokens }: ImportedOptions, output: string): Tensor {
  const [n, , width] = y.shape as [number, number, number];
  const refuse = (why: string) => new AppError('BACKBONE_INVALID', { why: `"${output}" ${why}` });
  if (n !== count) throw refuse(`is [${y.shape.join(', ')}] for ${count} pictures; export it with an open batch`);
  if (y.rank === 2) return y;
  if (y.rank === 4) return mean(y, [2, 3]);
  if (y.rank !== 3) throw refuse(`is [${y.shape.join(', ')}], and rows, tokens or maps are taken`);
  if (tokens === 'mean') return mean(y, 1);
  return reshape(slice(y, [0, 0, 0], [n, 1, width]), [n, width]);
}

type Runs = (x: Tensor, weight: (name: string) => Tensor) => Tensor;

/** How wide features are, and whether they are the mean of a map; by a trace, which also shows that all can be run. */
function traced(
  { features, seen }: { readonly features: Runs; readonly seen: Runs },
  shape: readonly number[],
  parameters: readonly ParameterSpec[],
): { width: number; isMap: boolean } {
  const weights = parameters.map((spec) => [spec.name, { shape: spec.shape, dtype: 'float32' }] as const);
  const run = (fn: Runs) =>
    trace(({ x, ...given }) => ({ y: fn(x!, (name) => given[PREFIX + name]!) }), {
      x: { shape: [2, ...shape], dtype: 'float32' },
      ...Object.fromEntries(weights),
    }).outputs.get('y')!.shape;
  const sides = run(seen).slice(2);
  return { width: run(features)[1]!, isMap: sides.length === 2 && sides.some((side) => side > 1) };
}
