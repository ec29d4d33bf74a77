import * as tf from '@tensorflow/tfjs-core';
import { broadcast } from '../../../tensor/graph.js';
import type { OnnxTensor } from '../../../tensor/onnx/read-model.js';
import { type Call, fromStart, type Operand, type OperatorTable } from '../operator.js';

/** Operators that move elements about, or make them from nothing. */
export const SHAPES: OperatorTable = {
  Concat: { run: concat },
  ConstantOfShape: {
    grows: true,
    run(call) {
      const value = call.node.attributes.value as OnnxTensor | undefined;
      return tf.fill(call.numbers(0)!, Number(value?.values[0] ?? 0), value?.type ?? 'float32');
    },
  },
  Expand: {
    grows: true,
    run: (call) => tf.broadcastTo(call.tensor(0), broadcast(call.shape(0), call.numbers(1)!)),
  },
  Flatten: {
    run(call) {
      const x = call.tensor(0);
      const rows = x.shape
        .slice(0, fromStart(call.number('axis', 1), x.rank))
        .reduce((product, extent) => product * extent, 1);
      return tf.reshape(x, [rows, x.size / rows]);
    },
  },
  Gather: { run: gather },
  Pad: { run: pad },
  Range: {
    run(call) {
      const [start, limit, step] = [0, 1, 2].map((index) => call.numbers(index)![0]!) as [number, number, number];
      return tf.range(start, limit, step, call.tensor(0).dtype as 'float32' | 'int32');
    },
  },
  Reshape: { run: reshape },
  Shape: {
    run(call) {
      const shape = call.shape(0);
      const part = shape.slice(call.number('start', 0), call.number('end', shape.length));
      return { shape: [part.length], type: 'int32', values: Int32Array.from(part) };
    },
  },
  Size: {
    run: (call) => ({ shape: [], type: 'int32', values: Int32Array.of(call.shape(0).reduce((a, b) => a * b, 1)) }),
  },
  Slice: { run: slice },
  Split: {
    run(call) {
      const x = call.tensor(0);
      const axis = fromStart(call.number('axis', 0), x.rank);
      const count = call.number('num_outputs', call.node.outputs.length);
      const each = Math.ceil(x.shape[axis]! / count);
      const equal = Array.from({ length: count }, (_, i) => Math.min(each, x.shape[axis]! - i * each));
      return tf.split(x, call.list('split', 1) ?? equal, axis);
    },
  },
  Squeeze: {
    run(call) {
      const x = call.tensor(0);
      const axes = call.list('axes', 1)?.map((axis) => fromStart(axis, x.rank));
      return tf.reshape(
        x,
        x.shape.filter((extent, axis) => (axes ? !axes.includes(axis) : extent !== 1)),
      );
    },
  },
  Tile: { run: (call) => tf.tile(call.tensor(0), call.list('repeats', 1)!), grows: true },
  Transpose: {
    run(call) {
      const x = call.tensor(0);
      return tf.transpose(x, call.list('perm') ?? x.shape.map((_, axis) => x.rank - 1 - axis));
    },
  },
  Unsqueeze: {
    run(call) {
      const x = call.tensor(0);
      const given = call.list('axes', 1)!;
      const shape = [...x.shape];
      for (const axis of given.map((each) => fromStart(each, x.rank + given.length)).sort((a, b) => a - b))
        shape.splice(axis, 0, 1);
      return tf.reshape(x, shape);
    },
  },
};

/** Where a file was made for one picture, what it holds once for each picture is repeated for the others. */
function concat(call: Call): tf.Tensor {
  const parts = call.tensors();
  const axis = fromStart(call.number('axis', 0), parts[0]!.rank);
  const longest = Math.max(...parts.map((part) => part.shape[0] ?? 0));
  const open = call.surroundings.fixedBatch === 1 && axis !== 0 && longest === call.surroundings.batch;
  const fitted = parts.map((part) =>
    open && part.shape[0] === 1 ? tf.broadcastTo(part, part.shape.with(0, longest)) : part,
  );
  return tf.concat(fitted, axis);
}

/** One place of an axis is cut out, which costs nothing on the way back; several are gathered. */
function gather(call: Call): tf.Tensor {
  const x = call.tensor(0);
  const axis = fromStart(call.number('axis', 0), x.rank);
  const length = x.shape[axis]!;
  if (!call.isKnown(1)) return tf.gather(x, tf.cast(call.tensor(1), 'int32'), axis);
  const places = call.numbers(1)!.map((place) => fromStart(place, length));
  const shape = [...x.shape.slice(0, axis), ...call.shape(1), ...x.shape.slice(axis + 1)];
  if (places.length === 1) return tf.reshape(cut(x, axis, places[0]!, places[0]! + 1), shape);
  return tf.reshape(tf.gather(x, tf.tensor1d(places, 'int32'), axis), shape);
}

function slice(call: Call): tf.Tensor {
  const starts = call.list('starts', 1)!;
  const ends = call.list('ends', 2)!;
  const axes = call.list('axes', 3) ?? starts.map((_, axis) => axis);
  const steps = call.list('steps', 4) ?? starts.map(() => 1);
  return axes.reduce((x, given, i) => {
    const axis = fromStart(given, x.rank);
    const length = x.shape[axis]!;
    const step = steps[i]!;
    const inside = (place: number) => {
      const [first, last] = step > 0 ? [0, length] : [-1, length - 1];
      return Math.max(first, Math.min(last, fromStart(place, length)));
    };
    const [from, to] = [inside(starts[i]!), inside(ends[i]!)];
    if (step === 1) return cut(x, axis, from, Math.max(from, to));
    const places = Array.from({ length: Math.max(0, Math.ceil((to - from) / step)) }, (_, k) => from + k * step);
    return tf.gather(x, tf.tensor1d(places, 'int32'), axis);
  }, call.tensor(0));
}

function cut(x: tf.Tensor, axis: number, from: number, to: number): tf.Tensor {
  if (from === 0 && to === x.shape[axis]) return x;
  const begin = x.shape.map((_, other) => (other === axis ? from : 0));
  return tf.slice(x, begin, x.shape.with(axis, to - from));
}

/** 0 keeps an extent, −1 is what is left. A file made for one picture says 1 where it means all of them. */
function reshape(call: Call): Operand {
  const x = call.tensor(0);
  const { batch, fixedBatch } = call.surroundings;
  const wanted = call.numbers(1)!.map((extent, axis) => {
    if (extent === 0 && call.number('allowzero', 0) === 0) return x.shape[axis]!;
    return axis === 0 && extent === fixedBatch && x.shape[0] === batch ? batch : extent;
  });
  const known = wanted.filter((extent) => extent !== -1).reduce((product, extent) => product * extent, 1);
  const shape = wanted.map((extent) => (extent === -1 ? x.size / known : extent));
  if (shape.reduce((product, extent) => product * extent, 1) !== x.size || !shape.every(Number.isInteger))
    call.refuse(`[${x.shape.join(', ')}] does not become [${wanted.join(', ')}]; export it with an open batch`);
  return tf.reshape(x, shape);
}

function pad(call: Call): tf.Tensor {
  const x = call.tensor(0);
  const given = call.list('pads', 1)!;
  const axes = call.numbers(3)?.map((axis) => fromStart(axis, x.rank)) ?? x.shape.map((_, axis) => axis);
  const pairs = x.shape.map((_, axis): [number, number] => {
    const at = axes.indexOf(axis);
    return at < 0 ? [0, 0] : [given[at]!, given[at + axes.length]!];
  });
  const cropped = pairs.reduce(
    (y: tf.Tensor, [before, after], axis) => cut(y, axis, Math.max(0, -before), y.shape[axis]! - Math.max(0, -after)),
    x,
  );
  const outer = pairs.map(([before, after]): [number, number] => [Math.max(0, before), Math.max(0, after)]);
  const mode = call.text('mode', 'constant');
  if (mode === 'constant') return tf.pad(cropped, outer, call.numbers(2)?.[0] ?? call.number('value', 0));
  return outer.reduce((y: tf.Tensor, [before, after], axis) => {
    if (before === 0 && after === 0) return y;
    const last = y.shape[axis]! - 1;
    const places = Array.from({ length: before + last + 1 + after }, (_, i) => beyond(mode, i - before, last));
    return tf.gather(y, tf.tensor1d(places, 'int32'), axis);
  }, cropped);
}

/** The place inside 0 … last that a place beyond it repeats. */
function beyond(mode: string, place: number, last: number): number {
  if (mode === 'wrap') return (place + last + 1) % (last + 1);
  if (mode !== 'reflect') return Math.max(0, Math.min(last, place));
  return place < 0 ? -place : place > last ? 2 * last - place : place;
}
