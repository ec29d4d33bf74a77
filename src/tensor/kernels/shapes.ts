import { slice_util } from '@tensorflow/tfjs-core';
import { arrayOf, type Builder } from '../builder.js';
import type { ElementType, Value } from '../graph.js';
import type { KernelTable } from './kernel.js';

/** Kernels that move elements about, or make them from nothing. */
export const SHAPES: KernelTable = {
  Reshape: (b, [x], attributes) => b.reshape(x!, solved(attributes.list('shape'), b.size(x!))),
  ExpandDims: (b, [x], attributes) => {
    const axis = attributes.axis('dim', x!.shape.length + 1);
    return b.reshape(x!, x!.shape.toSpliced(axis, 0, 1));
  },
  Transpose: (b, [x], attributes) => b.transpose(x!, attributes.list('perm')),
  Slice: (b, [x], attributes) => {
    const begin = attributes.list('begin');
    const ends = attributes.list('size').map((size, axis) => (size < 0 ? x!.shape[axis]! : begin[axis]! + size));
    return b.slice(x!, begin, ends);
  },
  StridedSlice: (b, [x], attributes) => {
    const mask = (name: string) => attributes.number(name);
    const found = slice_util.sliceInfo(
      [...x!.shape],
      attributes.list('begin'),
      attributes.list('end'),
      attributes.list('strides'),
      mask('beginMask'),
      mask('endMask'),
      mask('ellipsisMask'),
      mask('newAxisMask'),
      mask('shrinkAxisMask'),
    );
    return b.reshape(b.slice(x!, found.begin, found.end, found.strides), found.finalShape);
  },
  Concat: (b, inputs, attributes) => b.concat(inputs, attributes.axis('axis', inputs[0]!.shape.length)),
  Pack: (b, inputs, attributes) => {
    const axis = attributes.axis('axis', inputs[0]!.shape.length + 1);
    const lifted = inputs.map((input) => b.reshape(input, input.shape.toSpliced(axis, 0, 1)));
    return b.concat(lifted, axis);
  },
  Unpack: (b, [x], attributes) => {
    const axis = attributes.axis('axis', x!.shape.length);
    const sizes = Array.from({ length: x!.shape[axis]! }, () => 1);
    return cutUp(b, x!, sizes, axis).map((part) => b.reshape(part, part.shape.toSpliced(axis, 1)));
  },
  SplitV: (b, [x], attributes) => {
    const axis = attributes.axis('axis', x!.shape.length);
    const wanted = attributes.numberOrList('numOrSizeSplits');
    const length = x!.shape[axis]!;
    const sizes = typeof wanted === 'number' ? Array.from({ length: wanted }, () => length / wanted) : wanted;
    return cutUp(b, x!, solved(sizes, length, 'sum'), axis);
  },
  PadV2: (b, [x], attributes) => b.pad(x!, attributes.pairs('paddings'), attributes.number('constantValue')),
  Tile: (b, [x], attributes) => {
    const repeats = attributes.list('reps');
    const shape = x!.shape.map((length, axis) => length * repeats[axis]!);
    if (x!.shape.every((length, axis) => length === 1 || repeats[axis] === 1)) return b.expand(x!, shape);
    return b.add('Tile', [x!], shape, { attributes: { repeats } });
  },
  BroadcastTo: (b, [x], attributes) => b.expand(x!, attributes.list('shape')),
  Reverse: (b, [x], attributes) => {
    const axes = attributes.axes('dims', x!.shape.length).filter((axis) => x!.shape[axis]! > 1);
    if (axes.length === 0) return x!;
    const far = -(2 ** 31) + 1; // "before the first element": ONNX counts −1 from the end
    const ends = axes.map(() => far);
    const starts = axes.map((axis) => x!.shape[axis]! - 1);
    return b.add('Slice', [x!], x!.shape, { attributes: { starts, ends, axes, steps: axes.map(() => -1) } });
  },
  GatherV2: (b, [x, indices], attributes) => b.gather(x!, indices!, attributes.axis('axis', x!.shape.length)),
  UnsortedSegmentSum: (b, [x, segments], attributes) => {
    const shape = [attributes.number('numSegments'), ...x!.shape.slice(segments!.shape.length)];
    const count = b.size(segments!);
    const places = b.cast(b.reshape(segments!, [count, 1]), 'int64');
    const rows = b.reshape(x!, [count, ...shape.slice(1)]);
    const empty = b.expand(b.scalar(0, x!.type), shape);
    return b.add('ScatterND', [empty, places, rows], shape, { attributes: { reduction: 'add' } });
  },
  OneHot: (b, [indices], attributes) => {
    const depth = attributes.number('depth');
    const type = attributes.text('dtype') as ElementType;
    const levels = [attributes.number('offValue', 0), attributes.number('onValue', 1)];
    const values: Value = { shape: [2], type: 'float32', constant: arrayOf('float32', levels) };
    const inputs = [indices!, b.scalar(depth, 'int32'), values];
    return b.cast(
      b.add('OneHot', inputs, [...indices!.shape, depth], { type: 'float32', attributes: { axis: -1 } }),
      type,
    );
  },
  Fill: (b, _, attributes) => {
    const number = attributes.number('value');
    return b.expand(b.scalar(number, attributes.text('dtype') as ElementType), attributes.list('shape'));
  },
  OnesLike: (b, [x]) => b.expand(b.scalar(1, x!.type), x!.shape),
  ZerosLike: (b, [x]) => b.expand(b.scalar(0, x!.type), x!.shape),
  Range: (b, _, attributes) => {
    const [start, stop, step] = [attributes.number('start'), attributes.number('stop'), attributes.number('step', 1)];
    const numbers = Array.from({ length: Math.max(0, Math.ceil((stop - start) / step)) }, (_, i) => start + i * step);
    const type = attributes.text('dtype') as ElementType;
    return b.constant(arrayOf(type, numbers), [numbers.length], type);
  },
};

/** Replaces a −1 by what is left of the total. */
function solved(lengths: readonly number[], total: number, by: 'product' | 'sum' = 'product'): number[] {
  const known = lengths.filter((length) => length >= 0);
  const rest =
    by === 'product' ? total / known.reduce((all, n) => all * n, 1) : total - known.reduce((all, n) => all + n, 0);
  return lengths.map((length) => (length < 0 ? rest : length));
}

function cutUp(b: Builder, x: Value, sizes: readonly number[], axis: number): Value[] {
  let start = 0;
  return sizes.map((size) => {
    const starts = x.shape.map((_, other) => (other === axis ? start : 0));
    const ends = x.shape.with(axis, start + size);
    start += size;
    return b.slice(x, starts, ends);
  });
}
