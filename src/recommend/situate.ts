import { AppError } from '../errors.js';
import { compileFilter } from './compile-filter.js';
import type { Situation } from './strategy.js';

/** Looks up what the stages need to know: what must stay hidden, and what passes the filter. Throws ITEM_NOT_FOUND. */
export async function situate(ports: Omit<Situation, 'hidden' | 'passes'>): Promise<Situation> {
  const { request, behaviour, collection, index } = ports;
  const { who, includeSeen, examples, context, exclude, filter } = request;
  if (context !== undefined && !index.item(context)) throw new AppError('ITEM_NOT_FOUND', { itemId: context });

  const hidden = new Set(exclude);
  for (const example of examples) if (example.kind === 'item') hidden.add(example.itemId);
  if (context !== undefined) hidden.add(context);
  if (who && !includeSeen) for (const itemId of await behaviour.seenBy(collection, who)) hidden.add(itemId);

  if (filter === undefined) return { ...ports, hidden };
  const holds = compileFilter(filter);
  return { ...ports, hidden, passes: ({ attributes }) => holds(attributes) };
}
