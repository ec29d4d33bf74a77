import { createRequire } from 'node:module';
import { join } from 'node:path';
import { writeFileAtomic } from '../src/core/atomic-files.js';
import { ATTRIBUTE_TYPES, modelType } from '../src/tensor/onnx/schema.js';
import { npmPackage } from './data/npm-package.js';

interface Layer {
  readonly name: string;
  readonly class_name: string;
  readonly config: {
    readonly strides?: readonly number[];
    readonly padding?: string | readonly (readonly number[])[];
    readonly epsilon?: number;
  };
  readonly inbound_nodes: readonly (readonly [string, ...unknown[]][])[];
}
interface Weight {
  readonly name: string;
  readonly shape: readonly number[];
  readonly quantization: { readonly min: number; readonly scale: number };
}
interface LayersModel {
  readonly modelTopology: { readonly model_config: { readonly config: { readonly layers: readonly Layer[] } } };
  readonly weightsManifest: readonly { readonly weights: readonly Weight[] }[];
}

/**
 * The MobileNetV2 that npm's nsfwjs (MIT) carries as TensorFlow.js layers, one byte a weight, as an ONNX file: pictures
 * [N, 3, H, W] of any size with values in [0, 1] -> 1280 features. What classifies is left out. As a program:
 * `npx tsx bench/mobilenet-file.ts FILE.onnx`.
 */
async function mobilenetFile(path: string): Promise<void> {
  const folder = join(await npmPackage('nsfwjs', '4.3.0'), 'dist/models/mobilenet_v2');
  const load = createRequire(import.meta.url);
  const model = load(join(folder, 'model.min.js')) as LayersModel;
  const bytes = Buffer.from(load(join(folder, 'group1-shard1of1.min.js')) as string, 'base64');
  const weights = unpacked(model.weightsManifest[0]!.weights, bytes);
  const initializer: object[] = [];
  const keep = (name: string, { shape, values }: Tensor): string => {
    initializer.push({ name, dims: shape, data_type: 1, raw_data: new Uint8Array(values.buffer) });
    return name;
  };
  const node: object[] = [];
  for (const layer of model.modelTopology.model_config.config.layers) {
    if (layer.class_name === 'InputLayer') continue;
    if (layer.class_name === 'AveragePooling2D') {
      node.push(operator('GlobalAveragePool', [layer.inbound_nodes[0]![0]![0]], 'features', []));
      break;
    }
    const inputs = layer.inbound_nodes[0]!.map(([name]) => (name === 'input_1' ? 'pixels' : name));
    const weight = (part: string) => keep(`${layer.name}/${part}`, weights(`${layer.name}/${part}`)!);
    const groups = weights(`${layer.name}/depthwise_kernel`)?.shape[0] ?? 1;
    node.push(ROWS[layer.class_name]!(layer, inputs, weight, groups));
  }
  const value = (name: string, dim: object[]) => ({ name, type: { tensor_type: { elem_type: 1, shape: { dim } } } });
  const open = (dim_param: string) => ({ dim_param });
  const file = modelType().encode({
    ir_version: 8,
    opset_import: [{ domain: '', version: 10 }],
    graph: {
      name: 'mobilenet_v2',
      node,
      initializer,
      input: [value('pixels', [open('n'), { dim_value: 3 }, open('h'), open('w')])],
      output: [value('features', [open('n'), { dim_value: 1280 }, { dim_value: 1 }, { dim_value: 1 }])],
    },
  });
  await writeFileAtomic(path, file.finish());
}

interface Tensor {
  readonly shape: readonly number[];
  readonly values: Float32Array;
}
type Row = (layer: Layer, inputs: readonly string[], weight: (part: string) => string, groups: number) => object;

const ints = (name: string, list: readonly number[]) => ({ name, ints: list, type: ATTRIBUTE_TYPES.ints });
const text = (name: string, given: string) => ({ name, s: Buffer.from(given), type: ATTRIBUTE_TYPES.string });
const operator = (op_type: string, input: readonly string[], output: string, attribute: readonly object[]) => ({
  op_type,
  name: output,
  input,
  output: [output],
  attribute,
});
const number = (name: string, f: number) => ({ name, f, type: ATTRIBUTE_TYPES.float });

const convolution =
  (kernel: string, depthwise: boolean): Row =>
  ({ name, config }, inputs, weight, groups) =>
    operator('Conv', [...inputs, weight(kernel)], name, [
      ints('strides', config.strides!),
      text('auto_pad', config.padding === 'same' ? 'SAME_UPPER' : 'VALID'),
      ...(depthwise ? [{ name: 'group', i: groups, type: ATTRIBUTE_TYPES.int }] : []),
    ]);

/** Every kind of layer that MobileNetV2 has. */
const ROWS: Readonly<Record<string, Row>> = {
  Add: ({ name }, inputs) => operator('Add', inputs, name, []),
  BatchNormalization: ({ name, config }, inputs, weight) =>
    operator(
      'BatchNormalization',
      [...inputs, ...['gamma', 'beta', 'moving_mean', 'moving_variance'].map(weight)],
      name,
      [number('epsilon', config.epsilon!)],
    ),
  Conv2D: convolution('kernel', false),
  DepthwiseConv2D: convolution('depthwise_kernel', true),
  ReLU: ({ name }, inputs) => operator('Clip', inputs, name, [number('min', 0), number('max', 6)]),
  ZeroPadding2D: ({ name, config }, inputs) => {
    const [rows, columns] = config.padding as readonly (readonly number[])[];
    return operator('Pad', inputs, name, [
      ints('pads', [0, 0, rows![0]!, columns![0]!, 0, 0, rows![1]!, columns![1]!]),
    ]);
  },
};

/** Weights by name, kernels turned from [kh, kw, in, out] (or [kh, kw, C, 1]) to [out, in, kh, kw] (or [C, 1, kh, kw]). */
function unpacked(list: readonly Weight[], bytes: Uint8Array): (name: string) => Tensor | undefined {
  let offset = 0;
  const found = new Map<string, Tensor>();
  for (const { name, shape, quantization } of list) {
    const length = shape.reduce((product, extent) => product * extent, 1);
    const values = Float32Array.from(
      bytes.subarray(offset, offset + length),
      (byte) => byte * quantization.scale + quantization.min,
    );
    offset += length;
    found.set(name, shape.length === 4 ? turned(shape, values, name.includes('depthwise')) : { shape, values });
  }
  return (name) => found.get(name);
}

function turned(shape: readonly number[], values: Float32Array, depthwise: boolean): Tensor {
  const [height, width, inputs, outputs] = shape as [number, number, number, number];
  const [first, second] = depthwise ? [inputs, outputs] : [outputs, inputs];
  const out = new Float32Array(values.length);
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++)
      for (let i = 0; i < inputs; i++)
        for (let o = 0; o < outputs; o++) {
          const [a, b] = depthwise ? [i, o] : [o, i];
          out[((a * second + b) * height + y) * width + x] = values[((y * width + x) * inputs + i) * outputs + o]!;
        }
  return { shape: [first, second, height, width], values: out };
}

const [file] = process.argv.slice(2);
if (file === undefined) throw new Error('Say where to write it: npx tsx bench/mobilenet-file.ts FILE.onnx');
await mobilenetFile(file);
