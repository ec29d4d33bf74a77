import { add, matMul, mean, mul, reshape, softmax, type Tensor, transpose, unstack } from '@tensorflow/tfjs-core';
import { z } from 'zod';
import { AppError } from '../../errors.js';
import { conv2d, gelu, layerNorm } from '../../tensor/operations.js';
import { type Block, bias, linear, type ParameterSpec, pixelConvolution, type Scope } from '../block.js';
import { pictureSides } from './picture-sides.js';

export const TransformerOptions = z.strictObject({
  patch: z.int().min(2).max(64).default(4).describe('Side of the squares of pixels that become one token.'),
  dimension: z.int().min(16).max(1024).default(128).describe('Numbers of a token; a multiple of the heads.'),
  depth: z.int().min(1).max(24).default(4).describe('Layers.'),
  heads: z.int().min(1).max(16).default(4).describe('Heads of attention in each layer.'),
  expansion: z.int().min(1).max(8).default(4).describe('How many times wider a layer is inside.'),
});

/** Attention compares each token with each other: its cost and memory grow with the square. */
const MOST_TOKENS = 1024;

/**
 * A small vision transformer, normalised before each part, its tokens averaged in the end. Dosovitskiy et al. 2020, "An
 * Image is Worth 16x16 Words", arXiv:2010.11929.
 * @param shape `[channels, height, width]` of what goes in, 8 to 512 a side
 * @throws AppError SETTINGS_INVALID where a picture has more than 1,024 patches, or heads do not divide the dimension
 */
export function transformer(options: z.output<typeof TransformerOptions>, shape: readonly number[]): Block {
  const [channels, height, width] = pictureSides('transformer', shape);
  const { patch, dimension, depth, heads, expansion } = options;
  const [rows, columns] = [Math.ceil(height / patch), Math.ceil(width / patch)];
  const tokens = rows * columns;
  if (tokens > MOST_TOKENS)
    throw new AppError('SETTINGS_INVALID', {
      why: `${height} × ${width} pixels are ${tokens} patches of ${patch}; at most ${MOST_TOKENS}. Take a larger patch.`,
    });
  if (dimension % heads !== 0)
    throw new AppError('SETTINGS_INVALID', { why: `${heads} heads do not divide a dimension of ${dimension}.` });
  const layers = Array.from({ length: depth }, (_, i) => layer(`layer${i + 1}`, { dimension, heads, expansion }));
  const tokensOf = (scope: Scope, x: Tensor): Tensor => {
    const pads = [0, 0, rows * patch - height, columns * patch - width] as const;
    const map = conv2d(x, scope.parameter('patch/kernel'), { strides: [patch, patch], pads });
    const patches = transpose(reshape(map, [-1, dimension, tokens]), [0, 2, 1]); // [N, T, D]
    let seen = add(add(patches, scope.parameter('patch/bias')), scope.parameter('position'));
    for (const one of layers) seen = one.forward(scope, seen);
    return normalised(scope, 'last', seen);
  };
  return {
    parameters: [
      pixelConvolution('patch/kernel', channels, 1, dimension, patch),
      bias('patch/bias', dimension),
      {
        name: 'position',
        shape: [tokens, dimension],
        start: { deviation: 0.02 },
        decays: true,
        follows: { grid: [rows, columns] },
      },
      ...layers.flatMap((one) => one.parameters),
      ...layerScale('last', dimension),
    ],
    normalisations: [],
    width: dimension,
    forward: (scope, x) => mean(tokensOf(scope, x), 1),
    dense(scope, x) {
      const seen = tokensOf(scope, x);
      const map = reshape(transpose(seen, [0, 2, 1]), [-1, dimension, rows, columns]);
      return { map, rows: mean(seen, 1) };
    },
  };
}

const layerScale = (name: string, dimension: number): ParameterSpec[] => [
  { name: `${name}/scale`, shape: [dimension], start: 1, decays: false },
  { name: `${name}/shift`, shape: [dimension], start: 0, decays: false },
];

const normalised = (scope: Scope, name: string, x: Tensor): Tensor =>
  layerNorm(x, scope.parameter(`${name}/scale`), scope.parameter(`${name}/shift`));

interface Sizes {
  readonly dimension: number;
  readonly heads: number;
  readonly expansion: number;
}

function layer(name: string, { dimension, heads, expansion }: Sizes) {
  const inside = dimension * expansion;
  const each = dimension / heads;
  const part = (kind: string) => `${name}/${kind}`;
  return {
    parameters: [
      ...layerScale(part('attend'), dimension),
      linear(part('qkv'), dimension, 3 * dimension),
      bias(part('qkv/bias'), 3 * dimension),
      linear(part('join'), dimension, dimension),
      bias(part('join/bias'), dimension),
      ...layerScale(part('think'), dimension),
      linear(part('widen'), dimension, inside),
      bias(part('widen/bias'), inside),
      linear(part('narrow'), inside, dimension),
      bias(part('narrow/bias'), dimension),
    ],
    /** [N, T, D] in and out. */
    forward(scope: Scope, x: Tensor): Tensor {
      const tokens = x.shape[1]!;
      /** Rows through one matrix: a single product over all tokens of all pictures. */
      const through = (rows: Tensor, kind: string) =>
        add(matMul(rows, scope.parameter(part(kind))), scope.parameter(part(`${kind}/bias`)));
      const flat = (y: Tensor) => reshape(y, [-1, dimension]);

      const parts = reshape(through(flat(normalised(scope, part('attend'), x)), 'qkv'), [-1, tokens, 3, heads, each]);
      const [query, key, value] = unstack(transpose(parts, [2, 0, 3, 1, 4]), 0) as [Tensor, Tensor, Tensor]; // [N, H, T, d]
      const shares = softmax(mul(matMul(query, key, false, true), 1 / Math.sqrt(each)));
      const attended = reshape(transpose(matMul(shares, value), [0, 2, 1, 3]), [-1, dimension]);
      const first = add(flat(x), through(attended, 'join'));

      const thought = gelu(through(normalised(scope, part('think'), first), 'widen'));
      return reshape(add(first, through(thought, 'narrow')), [-1, tokens, dimension]);
    },
  };
}
