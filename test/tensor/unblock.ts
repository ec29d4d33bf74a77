import type { Builder } from '../../src/tensor/builder.js';
import type { Attribute, Graph, Node, Value } from '../../src/tensor/graph.js';
import type { BlockSize } from '../../src/tensor/lowering/blocked/forms.js';
import { NCHWC } from '../../src/tensor/lowering/blocked/nchwc.js';
import { rewrite } from '../../src/tensor/passes/rewrite.js';

type Shape4 = readonly [number, number, number, number];

/**
 * What ONNX Runtime's kernels on blocks mean, in ONNX's own operators: the twin by which graphs for any block size can
 * be run on any processor.
 */
export function unblock(graph: Graph, size: BlockSize): Graph {
  return rewrite(graph, (node, b) => {
    if (node.domain !== NCHWC) return undefined;
    const make = MEANINGS[node.op];
    if (!make) throw new Error(`What ${node.op} means in blocks is not written down.`);
    return [make(node, b, size)];
  });
}

const MEANINGS: Readonly<Record<string, (node: Node, b: Builder, size: BlockSize) => Value>> = {
  ReorderInput: (node, b, size) => intoBlocks(b, node.inputs[0]!, size),
  ReorderOutput: (node, b, size) => {
    const [n, , h, w] = node.inputs[0]!.shape as Shape4;
    return b.slice(outOfBlocks(b, node.inputs[0]!, size), [0, 0, 0, 0], [n, node.attributes.channels as number, h, w]);
  },
  Conv: (node, b, size) => {
    const [x, w, bias, sum] = node.inputs as [Value, Value, Value?, Value?];
    const { activation, ...attributes } = node.attributes;
    const few = x.shape[1]! < size;
    const input = few ? x : outOfBlocks(b, x, size);
    const inputs = [input, weights(b, w, size, attributes.group as number, few), ...(bias ? [bias] : [])];
    let y = b.add('Conv', inputs, node.outputs[0]!.shape, { attributes: attributes as Record<string, Attribute> });
    if (sum) y = b.plus(y, outOfBlocks(b, sum, size));
    if (activation === 'Relu') y = b.unary('Relu', y);
    return intoBlocks(b, y, size);
  },
  AveragePool: pool,
  GlobalAveragePool: pool,
  MaxPool: pool,
};

function pool(node: Node, b: Builder, size: BlockSize): Value {
  const { attributes } = node;
  return intoBlocks(
    b,
    b.add(node.op, [outOfBlocks(b, node.inputs[0]!, size)], node.outputs[0]!.shape, { attributes }),
    size,
  );
}

function weights(b: Builder, w: Value, size: number, group: number, few: boolean): Value {
  const [o, i, kh, kw] = w.shape as Shape4;
  const taps = kh * kw;
  if (i === 1 && group === o) return b.reshape(b.transpose(b.reshape(w, [o / size, taps, size]), [0, 2, 1]), w.shape);
  if (few) return b.reshape(b.transpose(b.reshape(w, [o / size, i, taps, size]), [0, 3, 1, 2]), w.shape);
  return b.reshape(b.transpose(b.reshape(w, [o / size, i / size, taps, size, size]), [0, 4, 1, 3, 2]), w.shape);
}

function intoBlocks(b: Builder, x: Value, size: number): Value {
  const [n, c, h, w] = x.shape as Shape4;
  const channels = Math.ceil(c / size) * size;
  const filled = b.pad(x, [
    [0, 0],
    [0, channels - c],
    [0, 0],
    [0, 0],
  ]);
  const parts = b.reshape(filled, [n, channels / size, size, h, w]);
  return b.reshape(b.transpose(parts, [0, 1, 3, 4, 2]), [n, channels, h, w]);
}

function outOfBlocks(b: Builder, x: Value, size: number): Value {
  const [n, c, h, w] = x.shape as Shape4;
  return b.reshape(b.transpose(b.reshape(x, [n, c / size, h, w, size]), [0, 1, 4, 2, 3]), x.shape);
}
