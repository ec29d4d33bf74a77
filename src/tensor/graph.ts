export type ElementType = 'float32' | 'int32' | 'int64' | 'bool' | 'uint8';
export type ConstantArray = Float32Array | Int32Array | BigInt64Array | Uint8Array;
export type Attribute = number | string | readonly number[];

/** One tensor of a graph: its shape is known. A constant carries its numbers. */
export interface Value {
  readonly shape: readonly number[];
  readonly type: ElementType;
  readonly constant?: ConstantArray;
}

/**
 * One operation. `domain` is '' for ONNX's own operators, and 'kindred' for those that a lowering still has to turn
 * into operators. Parameters such as axes and shapes are attributes here, whether or not ONNX wants them as inputs.
 */
export interface Node {
  readonly op: string;
  readonly domain: string;
  readonly inputs: readonly Value[];
  readonly outputs: readonly Value[];
  readonly attributes: Readonly<Record<string, Attribute>>;
}

/** A traced function. Nodes stand in an order in which they can be run. */
export interface Graph {
  readonly inputs: ReadonlyMap<string, Value>;
  readonly outputs: ReadonlyMap<string, Value>;
  readonly nodes: readonly Node[];
}

/** The domain of the operations that a lowering turns into ONNX operators. */
export const DECLARED = 'kindred';

export const sizeOf = (shape: readonly number[]): number => shape.reduce((product, length) => product * length, 1);

/** The shape two shapes broadcast to, by numpy's rule. */
export function broadcast(a: readonly number[], b: readonly number[]): number[] {
  const rank = Math.max(a.length, b.length);
  return Array.from({ length: rank }, (_, i) => {
    const left = a[i - rank + a.length] ?? 1;
    const right = b[i - rank + b.length] ?? 1;
    return left === 1 ? right : left;
  });
}

export const sameShape = (a: readonly number[], b: readonly number[]): boolean =>
  a.length === b.length && a.every((length, axis) => length === b[axis]);

/** The one number that a constant consists of, or undefined. */
export function uniform(value: Value): number | undefined {
  const all = value.constant;
  if (!all || all.length === 0) return undefined;
  const first = all[0]!;
  for (let i = 1; i < all.length; i++) if (all[i] !== first) return undefined;
  return Number(first);
}
