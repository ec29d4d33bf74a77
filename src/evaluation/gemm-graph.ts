/**
 * The bytes of an ONNX model with one node, `y[m, n] = a[m, k] · b[n, k]ᵀ` in float32. Written out field by field, since
 * a model this small needs no library (field numbers: onnx.proto3 of ONNX 1.13; opset 13).
 */
export function gemmGraph(): Uint8Array {
  const transposed = message(text(1, 'transB'), integer(3, 1), integer(20, 2)); // AttributeProto: name, i, type INT
  const node = message(text(1, 'a'), text(1, 'b'), text(2, 'y'), text(4, 'Gemm'), nested(5, transposed));
  const graph = message(
    nested(1, node),
    text(2, 'gemm'),
    nested(11, matrix('a', 'm', 'k')),
    nested(11, matrix('b', 'n', 'k')),
    nested(12, matrix('y', 'm', 'n')),
  );
  const opset = message(text(1, ''), integer(2, 13));
  return Uint8Array.from(message(integer(1, 8), nested(7, graph), nested(8, opset)));
}

type Bytes = readonly number[];

const varint = (value: number): Bytes => (value < 128 ? [value] : [(value & 127) | 128, ...varint(value >>> 7)]);
const integer = (field: number, value: number): Bytes => [...varint(field << 3), ...varint(value)];
const nested = (field: number, bytes: Bytes): Bytes => [...varint((field << 3) | 2), ...varint(bytes.length), ...bytes];
const text = (field: number, value: string): Bytes => nested(field, [...Buffer.from(value)]);
const message = (...fields: readonly Bytes[]): Bytes => fields.flat();

/** ValueInfoProto of a float32 matrix with two named sizes. */
function matrix(name: string, rows: string, columns: string): Bytes {
  const shape = message(nested(1, text(2, rows)), nested(1, text(2, columns)));
  const type = nested(1, message(integer(1, 1), nested(2, shape)));
  return message(text(1, name), nested(2, type));
}
