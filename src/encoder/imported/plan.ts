import { AppError } from '../../errors.js';
import type { OnnxInput, OnnxModel, OnnxNode } from '../../tensor/onnx/read-model.js';
import type { ParameterSpec } from '../block.js';
import { OPERATORS } from './operators/index.js';

/** What of a file is run, and what of it is learned. */
export interface Plan {
  readonly model: OnnxModel;
  readonly input: OnnxInput;
  readonly output: string;
  /** What the output needs, in order. */
  readonly nodes: readonly OnnxNode[];
  /** Constants that are learned, called as in the file. `depth` goes from 0 at the pictures to under 1 at the output. */
  readonly parameters: readonly ParameterSpec[];
}

/**
 * Finds what the output needs and which constants are weights: float32 tensors of several numbers that meet what comes
 * from the pictures in or behind the first layer. Those before it (a mean that is taken off) stay as they are, and so do
 * running statistics.
 * @param wanted name of the value to take as features; the file's first output where it is absent
 * @throws AppError BACKBONE_INVALID, BACKBONE_OPERATOR_UNKNOWN
 */
export function planBackbone(model: OnnxModel, wanted?: string): Plan {
  const [input, ...more] = model.inputs;
  if (!input || more.length > 0)
    throw invalid(
      `it has ${model.inputs.length} inputs (${model.inputs.map(({ name }) => name).join(', ')}), and 1 is taken`,
    );
  const output = wanted ?? model.outputs[0]!;
  const nodes = neededFor(model, output);
  assertKnown(nodes, input);
  return { model, input, output, nodes, parameters: findParameters(model, input, nodes) };
}

const invalid = (why: string) => new AppError('BACKBONE_INVALID', { why });

function neededFor({ nodes }: OnnxModel, output: string): OnnxNode[] {
  if (!nodes.some((node) => node.outputs.includes(output))) {
    const last = nodes.slice(-12).flatMap((node) => node.outputs);
    throw invalid(`nothing in it is called "${output}"; its last values are ${last.join(', ')}`);
  }
  const needed = new Set([output]);
  const alive = nodes.toReversed().filter((node) => {
    if (!node.outputs.some((name) => needed.has(name))) return false;
    for (const name of node.inputs) needed.add(name);
    return true;
  });
  return alive.toReversed();
}

function assertKnown(nodes: readonly OnnxNode[], input: OnnxInput): void {
  const unknown = nodes.findIndex(({ op }) => !(op in OPERATORS));
  if (unknown < 0) return;
  const { op, name, inputs } = nodes[unknown]!;
  const made = new Set(nodes.slice(0, unknown).flatMap(({ outputs }) => outputs));
  const before = inputs.find((each) => made.has(each)) ?? nodes[unknown - 1]?.outputs[0] ?? input.name;
  throw new AppError('BACKBONE_OPERATOR_UNKNOWN', { operator: op, node: name, before });
}

/** What a weight is for: the layer it is met in, and whether it is multiplied there. */
interface Use {
  readonly layer: number;
  readonly multiplied: boolean;
}

function findParameters(model: OnnxModel, input: OnnxInput, nodes: readonly OnnxNode[]): ParameterSpec[] {
  /** Layers between the pictures and each value that comes from them. Shapes do not come from them. */
  const layers = new Map([[input.name, 0]]);
  const makers = new Map(nodes.flatMap((node) => node.outputs.map((name) => [name, node] as const)));
  const uses = new Map<string, Use>();
  /** Weights that a value is made of, through nodes that see no picture. */
  const weightsOf = (name: string): string[] => {
    const constant = model.constants.get(name);
    if (constant) return constant.type === 'float32' && constant.values.length > 1 ? [name] : [];
    const maker = makers.get(name);
    return maker && !layers.has(name) && !asksShape(maker) ? learnable(maker).flatMap(weightsOf) : [];
  };
  for (const node of nodes) {
    const seen = node.inputs.filter((name) => layers.has(name));
    if (seen.length === 0 || asksShape(node)) continue;
    const weights = learnable(node)
      .filter((name) => !layers.has(name))
      .flatMap(weightsOf);
    const isLayer = OPERATORS[node.op]!.layer === true && weights.length > 0;
    const layer = Math.max(...seen.map((name) => layers.get(name)!)) + Number(isLayer);
    for (const name of node.outputs) layers.set(name, layer);
    if (layer > 0) for (const name of weights) if (!uses.has(name)) uses.set(name, { layer, multiplied: isLayer });
  }
  const deepest = Math.max(1, ...[...uses.values()].map(({ layer }) => layer));
  return [...uses].map(([name, { layer, multiplied }]) => {
    const { shape } = model.constants.get(name)!;
    return { name, shape, start: 0, decays: multiplied && shape.length > 1, depth: (layer - 1) / deepest };
  });
}

/** What comes out are shapes, whatever the picture and the weights are. */
const asksShape = ({ op }: OnnxNode): boolean => op === 'Shape' || op === 'Size';

/** Inputs of a node through which something could be learned. */
function learnable(node: OnnxNode): string[] {
  const { fixed = [] } = OPERATORS[node.op]!;
  return node.inputs.filter((name, index) => name !== '' && !fixed.includes(index));
}
