import type { Value } from '../../graph.js';
import type { Conv2dAttributes, Conv2dInputGradAttributes } from '../../operations/conv2d.js';
import { convolve } from './convolve.js';
import { convolveMaps } from './convolve-maps.js';
import type { BlockRule, Forms } from './forms.js';
import { steps } from './row-indices.js';
import { blockedWeights, depthwiseWeights, fewInputsWeights, returningDepthwise, returningWeights } from './weights.js';

type Pair = readonly [number, number];

/** Whether each channel has its own window; `w` is [C, 1, kh, kw]. */
export const isDepthwise = (groups: number, w: Value): boolean =>
  groups > 1 && groups === w.shape[0] && w.shape[1] === 1;

export const blockConv2d: BlockRule = (node, forms) => {
  const window = node.attributes as unknown as Conv2dAttributes;
  const [x, w] = node.inputs as [Value, Value];
  const { builder: b } = forms;
  const size = node.outputs[0]!.shape.slice(2) as unknown as Pair;
  const weights = forms.plain(w);
  if (isDepthwise(window.groups, w)) {
    const groups = forms.padded(window.groups);
    return [{ blocked: convolve(b, forms.blocked(x), depthwiseWeights(forms, weights), size, { ...window, groups }) }];
  }
  if (window.groups !== 1) return undefined;
  if (x.shape[1]! < forms.size)
    return [{ blocked: convolve(b, forms.plain(x), fewInputsWeights(forms, weights), size, window) }];
  return [{ blocked: convolveMaps(forms, forms.blocked(x), blockedWeights(forms, weights), size, window) }];
};

/**
 * The way back is a convolution of dY with the taps reversed. With a stride, each of its phases (the places of dX that
 * are alike modulo the stride) sees every stride-th tap only, and has a small convolution of its own.
 */
export const blockConv2dInputGrad: BlockRule = (node, forms) => {
  const window = node.attributes as unknown as Conv2dInputGradAttributes;
  const [dy, w] = node.inputs as [Value, Value];
  if (window.groups !== 1 && !isDepthwise(window.groups, w)) return undefined;
  if (window.strides.some((stride) => stride > 1) && window.dilations.some((dilation) => dilation > 1))
    return undefined;
  const rows = phases(window, 0, dy.shape[2]!);
  const columns = phases(window, 1, dy.shape[3]!);
  if (!rows || !columns) return undefined;
  const { blocked: source, scale } = forms.scaled(dy);
  const weights = scale ? perOutput(forms, forms.plain(w), scale) : forms.plain(w);
  const parts = rows.flatMap((row) => columns.map((column) => phaseOf(forms, source, weights, window, row, column)));
  if (parts.length === 1 && parts[0]) return [{ blocked: parts[0] }];
  return [{ phases: parts, strides: window.strides }];
};

/** Weights [O, I, kh, kw] times a factor for each output [O']. */
function perOutput(forms: Forms, w: Value, scale: Value): Value {
  const { builder: b } = forms;
  const [outputs] = w.shape as [number];
  return b.times(w, b.reshape(forms.cut(scale, outputs), [outputs, 1, 1, 1]));
}

/** One phase along one axis: which taps it sees, what it pads dY with, and how many places of dX it has. */
interface Phase {
  readonly taps: readonly number[];
  readonly pads: Pair;
  readonly length: number;
}

/** Undefined where a phase would cut dY instead of padding it, which the operator can't. */
function phases(
  { kernel, strides, dilations, pads, input }: Conv2dInputGradAttributes,
  axis: 0 | 1,
  seen: number,
): readonly Phase[] | undefined {
  const [taps, stride, dilation, before] = [kernel[axis], strides[axis], dilations[axis], pads[axis]];
  const found = steps(stride).map((place): Phase => {
    const length = Math.ceil((input[axis] - place) / stride);
    const first = (place + before) % stride;
    const own = steps(taps).filter((tap) => (tap - first) % stride === 0 && tap >= first);
    // dX[stride·q + place] = Σ over m of dY[q + offset − m]·w[first + stride·m]
    const offset = (place + before - first) / stride;
    const reach = stride === 1 ? (taps - 1) * dilation : own.length - 1;
    const lead = reach - offset;
    return { taps: own.toReversed(), pads: [lead, length + reach - lead - seen], length };
  });
  const cuts = found.some(({ taps: own, pads: [lead, trail] }) => own.length > 0 && (lead < 0 || trail < 0));
  return cuts ? undefined : found;
}

/** dX at the places of one phase; undefined where no tap sees them, and they are zero. */
function phaseOf(
  forms: Forms,
  dy: Value,
  w: Value,
  { kernel, dilations, groups }: Conv2dInputGradAttributes,
  row: Phase,
  column: Phase,
): Value | undefined {
  if (row.taps.length === 0 || column.taps.length === 0) return undefined;
  const taps = row.taps.flatMap((r) => column.taps.map((c) => r * kernel[1] + c));
  const size = [row.taps.length, column.taps.length] as const;
  const depthwise = isDepthwise(groups, w);
  const weights = depthwise ? returningDepthwise(forms, w, taps, size) : returningWeights(forms, w, taps, size);
  return convolveMaps(forms, dy, weights, [row.length, column.length], {
    strides: [1, 1],
    pads: [row.pads[0], column.pads[0], row.pads[1], column.pads[1]],
    dilations,
    groups: depthwise ? forms.padded(groups) : 1,
  });
}
