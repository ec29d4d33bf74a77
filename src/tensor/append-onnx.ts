import type { ModelMessage } from './onnx/read-model.js';
import { ATTRIBUTE_TYPES, DATA_TYPES, modelType } from './onnx/schema.js';

/** What comes behind a model of ours. */
export interface OnnxTail {
  readonly nodes: readonly {
    readonly op: string;
    readonly inputs: readonly string[];
    readonly output: string;
    /** Whole numbers. */
    readonly attributes?: Readonly<Record<string, number>>;
  }[];
  readonly constants: Readonly<Record<string, { readonly shape: readonly number[]; readonly values: Float32Array }>>;
  /** Outputs beside those there are: float32, an extent of −1 is the batch. */
  readonly outputs: Readonly<Record<string, readonly number[]>>;
  /** Strings beside those there are. */
  readonly metadata: Readonly<Record<string, string>>;
}

/** The bytes of a model that `exportOnnx` made, with standard operators appended. Names must not be taken. */
export function appendOnnx(bytes: Uint8Array, { nodes, constants, outputs, metadata }: OnnxTail): Uint8Array {
  const message = modelType().decode(bytes) as unknown as ModelMessage;
  const graph = message.graph!;
  const dim = (length: number) => (length < 0 ? { dim_param: 'batch' } : { dim_value: length });
  return modelType()
    .encode({
      ...message,
      metadata_props: [...message.metadata_props, ...Object.entries(metadata).map(([key, value]) => ({ key, value }))],
      graph: {
        ...graph,
        node: [
          ...graph.node,
          ...nodes.map(({ op, inputs, output, attributes = {} }) => ({
            name: output,
            op_type: op,
            input: inputs,
            output: [output],
            attribute: Object.entries(attributes).map(([name, i]) => ({ name, i, type: ATTRIBUTE_TYPES.int })),
          })),
        ],
        initializer: [
          ...graph.initializer,
          ...Object.entries(constants).map(([name, { shape, values }]) => ({
            name,
            dims: shape,
            data_type: DATA_TYPES.float32,
            raw_data: new Uint8Array(values.buffer, values.byteOffset, values.byteLength),
          })),
        ],
        output: [
          ...graph.output,
          ...Object.entries(outputs).map(([name, shape]) => ({
            name,
            type: { tensor_type: { elem_type: DATA_TYPES.float32, shape: { dim: shape.map(dim) } } },
          })),
        ],
      },
    })
    .finish();
}
