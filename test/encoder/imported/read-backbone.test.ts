import { describe, expect, it } from 'vitest';
import { Random } from '../../../src/core/random.js';
import { ImportedOptions, imported } from '../../../src/encoder/imported/imported.js';
import { readBackbone } from '../../../src/encoder/imported/read-backbone.js';
import { decodeModel } from '../../../src/tensor/onnx/read-model.js';
import { modelType } from '../../../src/tensor/onnx/schema.js';
import { residualFile } from './networks.js';
import { OnnxFile } from './onnx-file.js';

const conv = (file: OnnxFile, x: string, inputs: number) =>
  file.node('Conv', [x, file.weight([4, inputs, 3, 3])], { kernel_shape: [3, 3] });

function withUnknown() {
  const file = new OnnxFile(new Random(1));
  const before = conv(file, 'x', 3);
  const features = file.node('GlobalAveragePool', [file.node('Mystery', [before])]);
  return { bytes: file.bytes(['batch', 3, 8, 8], features, { rank: 4 }), before };
}

describe('reading a backbone', () => {
  it('names an operator that is not known, and takes what lies before it', async () => {
    const { bytes, before } = withUnknown();
    expect(() => readBackbone(bytes, {})).toThrow(
      expect.objectContaining({
        code: 'BACKBONE_OPERATOR_UNKNOWN',
        details: { operator: 'Mystery', node: 'node_mystery_1', before },
      }),
    );

    const { saved } = readBackbone(bytes, { output: before });
    const block = await imported(ImportedOptions.parse(saved.architectureOptions), saved.shape, {
      graph: saved.graph!,
      parameters: saved.parameters,
    });
    expect(block.width).toBe(4);
  });

  it.each<[string, () => Uint8Array, object, RegExp]>([
    ['is no ONNX file', () => Uint8Array.of(1, 2, 3), {}, /not an ONNX file/],
    ['is empty', () => new Uint8Array(0), {}, /not an ONNX file/],
    ['is cut short', () => residualFile().subarray(0, 3000), {}, /not an ONNX file|should hold|nothing in it/],
    [
      'is of an old opset',
      () => {
        const file = new OnnxFile(new Random(1), 7);
        return file.bytes(['n', 3, 8, 8], conv(file, 'x', 3), { rank: 4 });
      },
      {},
      /opset 7/,
    ],
    [
      'keeps its weights elsewhere',
      () => {
        const message = decodeModel(residualFile());
        const [first, ...rest] = message.graph!.initializer;
        const moved = { ...first!, raw_data: new Uint8Array(0), data_location: 1 };
        return modelType()
          .encode({ ...message, graph: { ...message.graph, initializer: [moved, ...rest] } })
          .finish();
      },
      {},
      /weights lie in other files/,
    ],
    ['has no such value', () => residualFile(), { output: 'nowhere' }, /nothing in it is called "nowhere"/],
    ['takes another size', () => residualFile(), { size: 48 }, /32 × 32 pixels, not 48/],
    [
      'leaves its size open and nobody says it',
      () => {
        const file = new OnnxFile(new Random(1));
        return file.bytes(['n', 3, 'h', 'w'], conv(file, 'x', 3), { rank: 4 });
      },
      {},
      /--backbone-size/,
    ],
    ['is given a mean of two numbers', () => residualFile(), { mean: [1, 2] }, /--backbone-mean wants 1 or 3/],
  ])('refuses one that %s', (_, bytes, options, why) => {
    expect(() => readBackbone(bytes(), options)).toThrow(
      expect.objectContaining({ code: 'BACKBONE_INVALID', message: expect.stringMatching(why) }),
    );
  });

  it('takes size and scaling from the file or from whoever knows them', () => {
    const file = new OnnxFile(new Random(1));
    const open = file.bytes(['n', 3, 'h', 'w'], conv(file, 'x', 3), { rank: 4 });
    const guessed = readBackbone(open, { size: 40 });
    expect(guessed.saved).toMatchObject({ shape: [3, 40, 40], pixels: { mean: [0.485, 0.456, 0.406] } });
    expect(guessed.notices.join()).toMatch(/ImageNet/);
    const told = readBackbone(open, { size: 40, mean: [0.5], deviation: [0.25] });
    expect(told.saved.pixels).toEqual({ mean: [0.5, 0.5, 0.5], deviation: [0.25, 0.25, 0.25] });
    expect(told.notices).toEqual([]);

    const bytes = new OnnxFile(new Random(1));
    const planes = bytes.node('Transpose', [bytes.node('Cast', ['x'], { to: 1 })], { perm: [0, 3, 1, 2] });
    const features = conv(bytes, planes, 3);
    const { saved } = readBackbone(bytes.bytes(['n', 16, 16, 3], features, { rank: 4, elementType: 2 }), {});
    expect(saved).toMatchObject({ shape: [3, 16, 16], pixels: { mean: [0, 0, 0], deviation: Array(3).fill(1 / 255) } });
  });

  it('learns weights, and neither running statistics nor what comes before the first layer', () => {
    const { saved } = readBackbone(residualFile(), {});
    const shapes = Object.values(saved.parameters).map(({ shape }) => shape.join('x'));
    expect(shapes.filter((shape) => shape === '8')).toHaveLength(6); // scale and shift of three norms, not mean and variance

    const file = new OnnxFile(new Random(1));
    const centred = file.node('Sub', ['x', file.floats([0.4, 0.5, 0.6], [3, 1, 1])]);
    const plain = readBackbone(file.bytes(['n', 3, 8, 8], conv(file, centred, 3), { rank: 4 }), {});
    expect(Object.values(plain.saved.parameters).map(({ shape }) => shape)).toEqual([[4, 3, 3, 3]]);
  });

  it('reads a deep network whose shapes are asked for in the graph at once', () => {
    const file = new OnnxFile(new Random(1));
    let x = conv(file, 'x', 3);
    for (let i = 0; i < 60; i++) x = file.node('Add', [x, file.node('Relu', [x])]);
    const shape = file.node(
      'Concat',
      [file.node('Slice', [file.node('Shape', [x]), file.integers([0]), file.integers([1])]), file.integers([-1])],
      { axis: 0 },
    );
    const { saved } = readBackbone(file.bytes(['n', 3, 8, 8], file.node('Reshape', [x, shape])), {});
    expect(Object.keys(saved.parameters)).toHaveLength(1);
  });

  it('says where the features before a classifier are', () => {
    expect(readBackbone(residualFile(), {}).notices.join()).toMatch(/--backbone-output flatten_\d+/);
  });
});
