import type { Graph } from '../graph.js';
import type { LoweringOptions } from '../lowering/lowering.js';
import { PLAIN } from '../lowering/plain/index.js';
import { commonNodes } from './common-nodes.js';
import { deadNodes } from './dead-nodes.js';
import { lower } from './lower.js';
import type { Pass } from './rewrite.js';
import { simplify } from './simplify.js';

/** The layouts a graph can be written in. */
export const LAYOUTS = { plain: PLAIN };
export type Layout = keyof typeof LAYOUTS;

/** From what was traced to what ONNX Runtime is given. The order matters: rules see only what is alive. */
export function compileGraph(graph: Graph, layout: Layout, options: LoweringOptions): Graph {
  const passes: readonly Pass[] = [
    deadNodes,
    simplify,
    commonNodes,
    lower(LAYOUTS[layout], options),
    simplify,
    commonNodes,
    deadNodes,
  ];
  return passes.reduce((current, pass) => pass(current), graph);
}
