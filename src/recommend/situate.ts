import { AppError } from '../errors.js';
import type { LiveItem } from '../indexing/live-index.js';
import { compileFilter } from './compile-filter.js';
import type { ReadyRule } from './rule-book.js';
import type { Situation } from './strategy.js';

export interface SituationPorts
  extends Pick<Situation, 'collection' | 'request' | 'index' | 'behaviour' | 'learnt' | 'weights'> {
  readonly rules: readonly ReadyRule[];
  /** Epoch milliseconds. */
  readonly now: number;
}

/** Looks up what the stages need to know: what must stay hidden, what passes, which rules hold. Throws ITEM_NOT_FOUND. */
export async function situate({ rules, now, ...ports }: SituationPorts): Promise<Situation> {
  const { request, behaviour, collection, index } = ports;
  const { who, includeSeen, examples, context, exclude, filter } = request;
  if (context !== undefined && !index.item(context)) throw new AppError('ITEM_NOT_FOUND', { itemId: context });

  const hold = rules.filter(({ from, until }) => (from === null || from <= now) && (until === null || now < until));
  const hides = hold.filter(({ action }) => action === 'hide');
  const hidden = new Set(exclude);
  for (const example of examples) if (example.kind === 'item') hidden.add(example.itemId);
  if (context !== undefined) hidden.add(context);
  for (const { itemId } of hides) if (itemId !== null) hidden.add(itemId);
  const seen = who && !includeSeen ? await behaviour.seenBy(collection, who) : undefined;
  if (seen && hidden.size > 0) for (const itemId of seen) hidden.add(itemId);

  const wanted = request.rules === false ? [] : hold;
  const passes: ((item: LiveItem) => boolean)[] = hides
    .filter(({ itemId }) => itemId === null)
    .map(
      ({ concerns }) =>
        (item) =>
          !concerns(item),
    );
  if (filter !== undefined) {
    const holds = compileFilter(filter);
    passes.push(({ attributes }) => holds(attributes));
  }
  return {
    ...ports,
    hidden: seen && hidden.size === 0 ? seen : hidden, // the same set, where it is only that: people have seen much
    pins: wanted.filter(({ action }) => action === 'pin'),
    boosts: wanted.filter(({ action }) => action === 'boost'),
    buries: wanted.filter(({ action }) => action === 'bury'),
    ...(passes.length === 0 ? {} : { passes: (item: LiveItem) => passes.every((each) => each(item)) }),
  };
}
