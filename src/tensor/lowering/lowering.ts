import type { Builder } from '../builder.js';
import type { Node, Value } from '../graph.js';

export interface LoweringOptions {
  /** Only operators of the ONNX standard, for models that other runtimes read. */
  readonly standardOnly: boolean;
}
/** A declared operation in ONNX operators: one value for each of the node's outputs. */
export type Lowering = (node: Node, builder: Builder, options: LoweringOptions) => readonly Value[];
/** One layout: how each declared operation is written in it. */
export type LoweringTable = Readonly<Record<string, Lowering>>;
