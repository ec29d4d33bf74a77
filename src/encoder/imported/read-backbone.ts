import { AppError } from '../../errors.js';
import { type OnnxModel, readModel } from '../../tensor/onnx/read-model.js';
import { stripModel } from '../../tensor/onnx/strip-model.js';
import type { SavedParameters } from '../parameters-file.js';
import type { PixelStatistics } from '../pixel-statistics.js';
import { ImportedOptions, PREFIX, takesChannelsLast } from './imported.js';
import { planBackbone } from './plan.js';

/** What a file may not say of itself. Mean and deviation are of values in [0, 1], in the order red, green, blue. */
export interface BackboneOptions {
  /** See `ImportedOptions`. */
  readonly output?: string | undefined;
  readonly order?: string | undefined;
  readonly tokens?: string | undefined;
  /** Side of the square it takes, where the file leaves that open. */
  readonly size?: number | undefined;
  readonly mean?: readonly number[] | undefined;
  readonly deviation?: readonly number[] | undefined;
}

export interface ReadBackbone {
  /** What training goes on from, as if it came from a model of ours. */
  readonly saved: SavedParameters;
  /** What somebody should know who did not say it. */
  readonly notices: readonly string[];
}

/** Of the set that most published networks were trained on. */
const IMAGENET = { mean: [0.485, 0.456, 0.406], deviation: [0.229, 0.224, 0.225] } as const;

/**
 * Takes the weights of an ONNX file apart from its graph.
 * @throws AppError BACKBONE_INVALID, BACKBONE_OPERATOR_UNKNOWN, SETTINGS_INVALID
 */
export function readBackbone(bytes: Uint8Array, options: BackboneOptions): ReadBackbone {
  const model = readModel(bytes);
  const { output, order, tokens } = options;
  const parsed = ImportedOptions.safeParse(
    Object.fromEntries(Object.entries({ output, order, tokens }).filter(([, v]) => v !== undefined)),
  );
  if (!parsed.success) throw new AppError('SETTINGS_INVALID', { why: parsed.error.issues[0]!.message });
  const plan = planBackbone(model, parsed.data.output);
  const shape = pictureShape(plan.input.shape, options.size);
  const { pixels, notice } = pixelsOf(plan.input.bytes, shape[0]!, options);
  const learned = new Set(plan.parameters.map(({ name }) => name));
  const parameters = plan.parameters.map(({ name, shape: each }) => {
    const values = model.constants.get(name)!.values as Float32Array;
    return [PREFIX + name, { shape: each, values }] as const;
  });
  return {
    saved: {
      architecture: 'imported',
      architectureOptions: parsed.data,
      shape,
      pixels,
      parameters: Object.fromEntries(parameters),
      statistics: {},
      graph: stripModel(bytes, learned),
    },
    notices: [notice, ...classifierNotice(model, plan.output)].filter((text) => text !== undefined),
  };
}

function pictureShape(wanted: readonly (number | undefined)[], size: number | undefined): [number, number, number] {
  const invalid = (why: string) => new AppError('BACKBONE_INVALID', { why });
  if (wanted.length !== 4) throw invalid(`its input has ${wanted.length} axes, and pictures have 4`);
  const last = takesChannelsLast(wanted);
  const [channels = 3, height = size, width = size] = last ? [wanted[3], wanted[1], wanted[2]] : wanted.slice(1);
  if (height === undefined || width === undefined) throw invalid('it takes any size, so say which: --backbone-size');
  if (height !== width) throw invalid(`it takes ${height} × ${width} pixels, and pictures are prepared as squares`);
  if (size !== undefined && size !== height) throw invalid(`it takes ${height} × ${height} pixels, not ${size}`);
  if (channels !== 1 && channels !== 3) throw invalid(`it takes ${channels} channels, and pictures have 1 or 3`);
  return [channels, height, height];
}

function pixelsOf(
  bytes: boolean,
  channels: number,
  { mean, deviation }: BackboneOptions,
): { pixels: PixelStatistics; notice?: string } {
  const each = (numbers: readonly number[], what: string): number[] => {
    const all = numbers.length === 1 ? Array.from({ length: channels }, () => numbers[0]!) : [...numbers];
    if (all.length !== channels || !all.every(Number.isFinite))
      throw new AppError('BACKBONE_INVALID', { why: `--backbone-${what} wants 1 or ${channels} numbers` });
    return all;
  };
  if (mean || deviation) {
    const pixels = { mean: each(mean ?? [0], 'mean'), deviation: each(deviation ?? [1], 'deviation') };
    if (!pixels.deviation.every((value) => value > 0))
      throw new AppError('BACKBONE_INVALID', { why: '--backbone-deviation wants numbers above 0' });
    return { pixels };
  }
  if (bytes) return { pixels: { mean: each([0], 'mean'), deviation: each([1 / 255], 'deviation') } };
  if (channels !== 3) return { pixels: { mean: each([0.5], 'mean'), deviation: each([0.5], 'deviation') } };
  const notice = "Nothing says how the backbone's pixels were scaled, so mean and deviation are those of ImageNet.";
  return { pixels: { mean: [...IMAGENET.mean], deviation: [...IMAGENET.deviation] }, notice };
}

/** Scores of classes are poor features: what goes into the last layer is better, and has a name. */
function classifierNotice({ nodes, outputs }: OnnxModel, output: string): string[] {
  if (output !== outputs[0]) return [];
  const makers = new Map(nodes.flatMap((node) => node.outputs.map((name) => [name, node] as const)));
  let node = makers.get(output);
  while (node && ['Softmax', 'Add', 'Identity', 'Sigmoid'].includes(node.op)) node = makers.get(node.inputs[0]!);
  if (!node || !['Gemm', 'MatMul'].includes(node.op) || !makers.has(node.inputs[0]!)) return [];
  return [
    `The features are "${output}". If that is a score for each of some classes, what goes into it is better: ` +
      `--backbone-output ${node.inputs[0]}`,
  ];
}
