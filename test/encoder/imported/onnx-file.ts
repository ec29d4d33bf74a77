import type { Random } from '../../../src/core/random.js';
import { ATTRIBUTE_TYPES, modelType } from '../../../src/tensor/onnx/schema.js';

type Given = number | string | readonly number[] | { readonly float: number } | object;

/** Writes ONNX files by hand: what an exporter would make of a network. */
export class OnnxFile {
  readonly #nodes: object[] = [];
  readonly #initialisers: object[] = [];
  #count = 0;

  constructor(
    private readonly random: Random,
    private readonly opset = 17,
  ) {}

  /** Normal numbers around `mean`. */
  weight(shape: readonly number[], deviation = 0.3, mean = 0): string {
    const length = shape.reduce((product, extent) => product * extent, 1);
    return this.floats(
      Float32Array.from({ length }, () => mean + deviation * this.random.normal()),
      shape,
    );
  }

  floats(numbers: ArrayLike<number>, shape: readonly number[] = [numbers.length]): string {
    return this.#initialiser({
      dims: shape,
      data_type: 1,
      raw_data: new Uint8Array(Float32Array.from(numbers).buffer),
    });
  }

  /** In the list of its kind instead of raw bytes. */
  listed(numbers: readonly number[], shape: readonly number[] = [numbers.length]): string {
    return this.#initialiser({ dims: shape, data_type: 1, float_data: numbers });
  }

  integers(numbers: readonly number[], shape: readonly number[] = [numbers.length]): string {
    const bytes = new Uint8Array(BigInt64Array.from(numbers, BigInt).buffer);
    return this.#initialiser({ dims: shape, data_type: 7, raw_data: bytes });
  }

  /** The name of the (first) output. */
  node(op: string, inputs: readonly string[], attributes: Readonly<Record<string, Given>> = {}, outputs = 1): string {
    const names = Array.from(
      { length: outputs },
      (_, i) => `${op.toLowerCase()}_${this.#count}${i === 0 ? '' : `_${i}`}`,
    );
    this.#count += 1;
    const [domain, type] = op.includes('.') ? op.split(/\.(?=[^.]+$)/) : ['', op];
    this.#nodes.push({
      name: `node_${names[0]}`,
      op_type: type,
      domain,
      input: inputs,
      output: names,
      attribute: Object.entries(attributes).map(([name, value]) => attribute(name, value)),
    });
    return names[0]!;
  }

  bytes(
    shape: readonly (number | string)[],
    output: string,
    { rank = 2, elementType = 1, metadata = {} }: { rank?: number; elementType?: number; metadata?: object } = {},
  ): Uint8Array {
    const value = (name: string, extents: readonly (number | string)[], elem_type = 1) => ({
      name,
      type: {
        tensor_type: {
          elem_type,
          shape: { dim: extents.map((each) => (typeof each === 'number' ? { dim_value: each } : { dim_param: each })) },
        },
      },
    });
    return modelType()
      .encode({
        ir_version: 8,
        opset_import: [{ domain: '', version: this.opset }],
        metadata_props: Object.entries(metadata).map(([key, each]) => ({ key, value: each })),
        graph: {
          name: 'hand',
          node: this.#nodes,
          initializer: this.#initialisers,
          input: [value('x', shape, elementType)],
          output: [
            value(
              output,
              Array.from({ length: rank }, (_, i) => `axis${i}`),
            ),
          ],
        },
      })
      .finish();
  }

  #initialiser(tensor: object): string {
    const name = `weight_${this.#initialisers.length}`;
    this.#initialisers.push({ name, ...tensor });
    return name;
  }
}

function attribute(name: string, value: Given): object {
  if (typeof value === 'number') return { name, i: value, type: ATTRIBUTE_TYPES.int };
  if (typeof value === 'string') return { name, s: Buffer.from(value), type: ATTRIBUTE_TYPES.string };
  if (Array.isArray(value)) return { name, ints: value, type: ATTRIBUTE_TYPES.ints };
  if ('float' in (value as object)) return { name, f: (value as { float: number }).float, type: ATTRIBUTE_TYPES.float };
  return { name, t: value, type: ATTRIBUTE_TYPES.tensor };
}
