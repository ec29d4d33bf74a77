import { Random } from '../../../src/core/random.js';
import { OnnxFile } from './onnx-file.js';

const float = (number: number) => ({ float: number });

/** A small residual network as PyTorch exports it where batch norms are kept: basic blocks, a strided shortcut. */
export function residualFile(): Uint8Array {
  const file = new OnnxFile(new Random(11));
  const norm = (x: string, channels: number) =>
    file.node(
      'BatchNormalization',
      [
        x,
        file.weight([channels], 0.1, 1),
        file.weight([channels], 0.1),
        file.weight([channels], 0.1),
        file.weight([channels], 0.02, 1),
      ],
      { epsilon: float(1e-5) },
    );
  const conv = (x: string, inputs: number, outputs: number, kernel: number, stride: number) =>
    norm(
      file.node('Conv', [x, file.weight([outputs, inputs, kernel, kernel], 0.6 / kernel / Math.sqrt(inputs))], {
        kernel_shape: [kernel, kernel],
        strides: [stride, stride],
        pads: Array(4).fill((kernel - 1) / 2),
        dilations: [1, 1],
        group: 1,
      }),
      outputs,
    );
  const block = (x: string, inputs: number, outputs: number, stride: number) => {
    const inner = file.node('Relu', [conv(x, inputs, outputs, 3, stride)]);
    const outer = conv(inner, outputs, outputs, 3, 1);
    const past = stride === 1 && inputs === outputs ? x : conv(x, inputs, outputs, 1, stride);
    return file.node('Relu', [file.node('Add', [outer, past])]);
  };
  const stem = file.node('Relu', [conv('x', 3, 8, 7, 2)]);
  const pooled = file.node('MaxPool', [stem], { kernel_shape: [3, 3], strides: [2, 2], pads: [1, 1, 1, 1] });
  const last = block(block(pooled, 8, 8, 1), 8, 16, 2);
  const flat = file.node('Flatten', [file.node('GlobalAveragePool', [last])], { axis: 1 });
  const out = file.node('Gemm', [flat, file.weight([10, 16]), file.weight([10])], { transB: 1 });
  return file.bytes(['batch', 3, 32, 32], out);
}

/** A small MobileNet: depthwise convolutions, HardSwish, Clip, squeeze and excitation, padding left to the size. */
export function mobileFile(): Uint8Array {
  const file = new OnnxFile(new Random(12), 14);
  const conv = (x: string, [outputs, inputs]: [number, number], kernel: number, stride: number, group = 1) =>
    file.node(
      'Conv',
      [
        x,
        file.weight([outputs, inputs / group, kernel, kernel], 1 / kernel / Math.sqrt(inputs / group)),
        file.weight([outputs], 0.1),
      ],
      { kernel_shape: [kernel, kernel], strides: [stride, stride], group, auto_pad: 'SAME_UPPER' },
    );
  const clip = (x: string) => file.node('Clip', [x, file.floats([0], []), file.floats([6], [])]);
  let x = file.node('HardSwish', [conv('x', [8, 3], 3, 2)]);
  const wide = clip(conv(clip(conv(x, [16, 8], 1, 1)), [16, 16], 3, 2, 16));
  const squeezed = file.node('ReduceMean', [wide], { axes: [2, 3], keepdims: 1 });
  const gate = file.node('HardSigmoid', [conv(file.node('Relu', [conv(squeezed, [4, 16], 1, 1)]), [16, 4], 1, 1)], {
    alpha: float(1 / 6),
    beta: float(0.5),
  });
  x = conv(file.node('Mul', [wide, gate]), [8, 16], 1, 1);
  const inner = file.node('HardSwish', [conv(file.node('HardSwish', [conv(x, [16, 8], 1, 1)]), [16, 16], 5, 1, 16)]);
  x = file.node('Add', [x, conv(inner, [8, 16], 1, 1)]);
  const features = file.node('HardSwish', [conv(x, [24, 8], 1, 1)]);
  return file.bytes(['batch', 3, 23, 23], file.node('GlobalAveragePool', [features]), { rank: 4 });
}

/** A small vision transformer as PyTorch exports it: shapes worked out in the graph, layer norm in pieces, GELU by Erf. */
export function transformerFile(): Uint8Array {
  const file = new OnnxFile(new Random(13));
  const [width, heads, tokens] = [24, 3, 17];
  const each = width / heads;
  const scalar = (number: number) => file.floats([number], []);
  const linear = (x: string, inputs: number, outputs: number) =>
    file.node('Add', [file.node('MatMul', [x, file.weight([inputs, outputs], 0.2)]), file.weight([outputs], 0.1)]);
  const norm = (x: string) => {
    const centred = file.node('Sub', [x, file.node('ReduceMean', [x], { axes: [-1] })]);
    const variance = file.node('ReduceMean', [file.node('Pow', [centred, scalar(2)])], { axes: [-1] });
    const normal = file.node('Div', [centred, file.node('Sqrt', [file.node('Add', [variance, scalar(1e-6)])])]);
    return file.node('Add', [file.node('Mul', [normal, file.weight([width], 0.1, 1)]), file.weight([width], 0.1)]);
  };
  const gelu = (x: string) => {
    const erf = file.node('Erf', [file.node('Div', [x, scalar(Math.SQRT2)])]);
    return file.node('Mul', [file.node('Mul', [x, file.node('Add', [erf, scalar(1)])]), scalar(0.5)]);
  };
  /** One extent of a tensor, as a list of one. */
  const extent = (x: string, axis: number) =>
    file.node('Unsqueeze', [
      file.node('Gather', [file.node('Shape', [x]), file.integers([axis], [])], { axis: 0 }),
      file.integers([0]),
    ]);
  const attention = (x: string) => {
    const [batch, length] = [extent(x, 0), extent(x, 1)];
    const split = file.node(
      'Concat',
      [batch, length, file.integers([3]), file.integers([heads]), file.integers([each])],
      { axis: 0 },
    );
    const all = file.node('Transpose', [file.node('Reshape', [linear(x, width, 3 * width), split])], {
      perm: [2, 0, 3, 1, 4],
    });
    const part = (index: number) => file.node('Gather', [all, file.integers([index], [])], { axis: 0 });
    const scale = file.node('Sqrt', [file.node('Cast', [file.integers([each], [])], { to: 1 })]);
    const turned = file.node('Transpose', [part(1)], { perm: [0, 1, 3, 2] });
    const scores = file.node('Softmax', [file.node('Div', [file.node('MatMul', [part(0), turned]), scale])], {
      axis: -1,
    });
    const mixed = file.node('Transpose', [file.node('MatMul', [scores, part(2)])], { perm: [0, 2, 1, 3] });
    const joined = file.node('Concat', [batch, length, file.integers([width])], { axis: 0 });
    return linear(file.node('Reshape', [mixed, joined]), width, width);
  };
  const patches = file.node('Conv', ['x', file.weight([width, 3, 4, 4], 0.15), file.weight([width], 0.1)], {
    kernel_shape: [4, 4],
    strides: [4, 4],
  });
  const map = file.node(
    'Concat',
    [file.node('Slice', [file.node('Shape', [patches]), file.integers([0]), file.integers([2])]), file.integers([-1])],
    { axis: 0 },
  );
  const rows = file.node('Transpose', [file.node('Reshape', [patches, map])], { perm: [0, 2, 1] });
  const first = file.node('Expand', [
    file.weight([1, 1, width]),
    file.node('Concat', [extent(rows, 0), file.integers([-1 + 2]), file.integers([width])], { axis: 0 }),
  ]);
  let x = file.node('Add', [file.node('Concat', [first, rows], { axis: 1 }), file.weight([1, tokens, width], 0.2)]);
  for (let layer = 0; layer < 2; layer++) {
    x = file.node('Add', [x, attention(norm(x))]);
    x = file.node('Add', [x, linear(gelu(linear(norm(x), width, 2 * width)), 2 * width, width)]);
  }
  const token = file.node('Gather', [norm(x), file.integers([0], [])], { axis: 1 });
  return file.bytes(['batch', 3, 16, 16], token);
}

/** A network that has a number for each place of its map, and so takes pictures of 16 × 16 alone, whatever it declares. */
export function placedFile(): Uint8Array {
  const file = new OnnxFile(new Random(14));
  const patches = file.node('Conv', ['x', file.weight([8, 3, 4, 4], 0.15), file.weight([8], 0.1)], {
    kernel_shape: [4, 4],
    strides: [4, 4],
  });
  const placed = file.node('Add', [patches, file.weight([1, 8, 4, 4], 0.2)]);
  return file.bytes(['batch', 3, 'height', 'width'], file.node('Relu', [placed]), { rank: 4 });
}
