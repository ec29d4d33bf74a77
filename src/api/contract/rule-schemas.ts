import { z } from 'zod';
import { RULE_ACTIONS } from '../../catalogue/catalogue.js';
import { Filter, ItemId, MAX_K, NAME, Time } from './common-schemas.js';

/** Rules of a collection. */

/** A time that a rule begins or ends at. */
const RuleTime = Time.nullable().optional();
export const RuleId = z.string().regex(NAME, 'A rule is named by 1 to 128 of A–Z, a–z, 0–9, "_", "." and "-".');
export const RuleWrite = z
  .strictObject({
    action: z.enum(RULE_ACTIONS),
    name: z.string().min(1).max(256).nullable().optional(),
    itemId: ItemId.nullable().optional(),
    filter: Filter.nullable().optional(),
    position: z.int().min(1).max(MAX_K).nullable().optional().meta({
      description: 'Where a pin puts its item, from 1 (as without it).',
    }),
    by: z.number().positive().max(2).nullable().optional().meta({
      description: 'What a boost adds to a score and a bury takes from it; 0.2 where it is left out.',
    }),
    from: RuleTime,
    until: RuleTime,
  })
  .superRefine(({ action, itemId, filter, position, by }, context) => {
    const refuse = (path: string, message: string) => context.addIssue({ code: 'custom', path: [path], message });
    const has = (value: unknown) => value !== undefined && value !== null;
    if (has(itemId) === has(filter))
      context.addIssue({ code: 'custom', message: 'A rule concerns an itemId or a filter, one of the two.' });
    if (action === 'pin' && has(filter)) refuse('filter', 'A pin is for one item.');
    if (action !== 'pin' && has(position)) refuse('position', 'Only a pin has a position.');
    if (action !== 'boost' && action !== 'bury' && has(by)) refuse('by', 'Only a boost or a bury has an amount.');
  })
  .meta({ id: 'RuleWrite' });
export type RuleWrite = z.output<typeof RuleWrite>;
export const Rule = z
  .strictObject({
    ruleId: z.string(),
    action: z.enum(RULE_ACTIONS),
    name: z.string().nullable(),
    itemId: z.string().nullable(),
    filter: Filter.nullable(),
    position: z.int().nullable(),
    by: z.number().nullable(),
    from: z.iso.datetime().nullable(),
    until: z.iso.datetime().nullable(),
    createdAt: z.iso.datetime(),
    updatedAt: z.iso.datetime(),
  })
  .meta({ id: 'Rule', description: 'What an administrator wants of some items, whatever they score.' });
