import { decodeModel } from './read-model.js';
import { modelType } from './schema.js';

/** The bytes of an ONNX model without the numbers of some of its constants, which are kept elsewhere. */
export function stripModel(bytes: Uint8Array, without: ReadonlySet<string>): Uint8Array {
  const message = decodeModel(bytes);
  const graph = message.graph!;
  const holds = (node: (typeof graph.node)[number]) => node.op_type === 'Constant' && without.has(node.output[0]!);
  const stripped = {
    ...message,
    graph: {
      ...graph,
      node: graph.node.filter((node) => !holds(node)),
      initializer: graph.initializer.filter(({ name }) => !without.has(name)),
      // files before IR version 4 list their initialisers as inputs too
      input: graph.input.filter(({ name }) => !without.has(name)),
    },
  };
  return modelType().encode(stripped).finish();
}
