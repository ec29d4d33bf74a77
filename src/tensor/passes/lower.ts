import { AppError } from '../../errors.js';
import { DECLARED } from '../graph.js';
import type { LoweringOptions, LoweringTable } from '../lowering/lowering.js';
import { type Pass, rewrite } from './rewrite.js';

/** Writes every declared operation in the operators of one layout; what a lowering declares itself is lowered too. */
export function lower(layout: LoweringTable, options: LoweringOptions): Pass {
  const once: Pass = (graph) =>
    rewrite(graph, (node, builder) => {
      if (node.domain !== DECLARED) return undefined;
      const lowering = layout[node.op];
      if (!lowering) throw new AppError('FUNCTION_NOT_TRACEABLE', { why: `its layout has no form for "${node.op}"` });
      return lowering(node, builder, options);
    });
  return (graph) => {
    let lowered = once(graph);
    while (lowered.nodes.some((node) => node.domain === DECLARED)) lowered = once(lowered);
    return lowered;
  };
}
