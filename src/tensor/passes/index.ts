import type { Graph } from '../graph.js';
import type { LoweringOptions } from '../lowering/lowering.js';
import { PLAIN } from '../lowering/plain/index.js';
import { block } from './block.js';
import { commonNodes } from './common-nodes.js';
import { deadNodes } from './dead-nodes.js';
import { fuseBlocked } from './fuse-blocked.js';
import { lower } from './lower.js';
import type { Pass } from './rewrite.js';
import { simplify } from './simplify.js';

/** The layouts a graph can be written in: channels as ONNX has them, or in blocks of so many. */
export const LAYOUTS = { plain: null, blocked8: 8, blocked16: 16 } as const;
export type Layout = keyof typeof LAYOUTS;

/** From what was traced to what ONNX Runtime is given. The order matters: rules see only what is alive. */
export function compileGraph(graph: Graph, layout: Layout, options: LoweringOptions): Graph {
  const size = LAYOUTS[layout];
  const passes: readonly Pass[] = [
    deadNodes,
    simplify,
    commonNodes,
    ...(size === null ? [] : [block(size)]),
    lower(PLAIN, options),
    simplify,
    commonNodes,
    deadNodes,
    ...(size === null ? [] : [fuseBlocked]),
  ];
  return passes.reduce((current, pass) => pass(current), graph);
}
