import { sameShape, type Value } from '../../graph.js';
import { affineBlocked } from './convolve.js';
import type { BlockRule, Form, Forms } from './forms.js';

/** One number at a time: the same operator, whatever the order in memory. Finite numbers must give finite ones. */
export const blockElementwise: BlockRule = (node, forms) => {
  const [x, ...rest] = node.inputs as [Value, ...Value[]];
  if (!forms.isBlocked(x)) return undefined;
  const inputs = [forms.blocked(x), ...rest.map((input) => forms.plain(input))];
  const { attributes } = node;
  return [{ blocked: forms.builder.add(node.op, inputs, inputs[0]!.shape, { attributes }) }];
};

/** Two maps, or a map and what broadcasts over it: a number, one a channel, or one a map. */
export const blockElementwisePair: BlockRule = (node, forms) => {
  const [x, y] = node.inputs as [Value, Value];
  const shape = node.outputs[0]!.shape;
  const isMap = (value: Value) => sameShape(value.shape, shape) && forms.isBlocked(value);
  if (shape.length !== 4 || !(isMap(x) || isMap(y))) return undefined;
  const { builder: b } = forms;
  const pieces = node.op === 'Add' && addedInPieces(forms, x, y);
  if (pieces) return [pieces];
  if (sameShape(x.shape, shape) && sameShape(y.shape, shape))
    return [{ blocked: b.add(node.op, [forms.blocked(x), forms.blocked(y)], blockedShape(forms, shape)) }];
  const [map, other] = sameShape(x.shape, shape) ? [x, y] : [y, x];
  const swapped = map === y;
  if (b.size(other) === 1) {
    const both = [forms.blocked(map), b.reshape(forms.plain(other), [])];
    return [{ blocked: b.add(node.op, swapped ? both.toReversed() : both, blockedShape(forms, shape)) }];
  }
  const rank4 = [...Array.from({ length: 4 - other.shape.length }, () => 1), ...other.shape];
  if (sameShape(rank4, [1, shape[1]!, 1, 1])) return perChannel(node.op, forms, map, other, swapped);
  if (sameShape(rank4, [shape[0]!, shape[1]!, 1, 1])) return perMap(node.op, forms, map, other, swapped);
  return undefined;
};

/** Gradients that come back through two strides alike, as of a residual unit and its shortcut, are added before either is put together. */
function addedInPieces(forms: Forms, x: Value, y: Value): Form | undefined {
  const [one, other] = [forms.phased(x), forms.phased(y)];
  if (!one || !other || !sameShape(one.strides, other.strides)) return undefined;
  const phases = one.phases.map((phase, i) => {
    const second = other.phases[i];
    return phase && second ? forms.builder.plus(phase, second) : (phase ?? second);
  });
  return { phases, strides: one.strides };
}

const blockedShape = (forms: Forms, shape: readonly number[]) => shape.with(1, forms.padded(shape[1]!));

/** One number a channel: one pass, as a depthwise convolution. */
function perChannel(op: string, forms: Forms, map: Value, other: Value, swapped: boolean): Form[] | undefined {
  const { builder: b } = forms;
  const numbers = forms.channels(b.reshape(forms.plain(other), [map.shape[1]!]));
  const ones = (sign: number): Value => ({
    shape: numbers.shape,
    type: 'float32',
    constant: new Float32Array(numbers.shape[0]!).fill(sign),
  });
  const x = forms.blocked(map);
  if (op === 'Mul') return [{ blocked: affineBlocked(b, x, numbers) }];
  if (op === 'Add') return [{ blocked: affineBlocked(b, x, ones(1), numbers) }];
  if (op !== 'Sub') return undefined;
  return [
    {
      blocked: swapped ? affineBlocked(b, x, ones(-1), numbers) : affineBlocked(b, x, ones(1), b.unary('Neg', numbers)),
    },
  ];
}

/** One number a map: the pixels of a block stand in one row, over which it broadcasts. */
function perMap(op: string, forms: Forms, map: Value, other: Value, swapped: boolean): Form[] {
  const { builder: b, size } = forms;
  const x = forms.blocked(map);
  const [n, c, height, width] = x.shape as readonly [number, number, number, number];
  const flat = b.pad(b.reshape(forms.plain(other), [n, map.shape[1]!]), [
    [0, 0],
    [0, c - map.shape[1]!],
  ]);
  const rows = [b.reshape(x, [n, c / size, height * width, size]), b.reshape(flat, [n, c / size, 1, size])];
  const made = b.add(op, swapped ? rows.toReversed() : rows, rows[0]!.shape);
  return [{ blocked: b.reshape(made, x.shape) }];
}
