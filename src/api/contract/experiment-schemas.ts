import { z } from 'zod';
import { EVENT_KINDS } from '../../catalogue/catalogue.js';
import { CHOSEN_KINDS } from '../../recommend/evidence-by-hour.js';
import { STRATEGIES } from '../../recommend/index.js';
import { arrangement, Explore } from './arrangement-schemas.js';
import { Filter, Time, VariantName } from './common-schemas.js';

/** What a variant may say of a request for recommendations. */
export const VariantRequest = z
  .strictObject({
    strategy: z
      .string()
      .refine((name) => Object.hasOwn(STRATEGIES, name), `There are ${Object.keys(STRATEGIES).join(', ')}.`)
      .refine((name) => STRATEGIES[name]?.needs !== 'examples', 'A variant is for people, and this is for examples.')
      .optional(),
    filter: Filter.optional(),
    includeSeen: z.boolean().optional(),
    ...arrangement,
    explore: Explore.nullable().optional(),
  })
  .meta({ id: 'VariantRequest', description: 'Fields of requests for recommendations that are as a variant says.' });
const success = {
  kinds: z.array(z.enum(EVENT_KINDS)).min(1).max(EVENT_KINDS.length),
  windowHours: z
    .number()
    .positive()
    .max(24 * 366),
};
const Variant = z
  .strictObject({
    name: VariantName,
    share: z.number().min(0).max(1).meta({ description: 'Kept to a ten-thousandth; all of them add up to 1.' }),
    request: VariantRequest.default({}),
  })
  .meta({ id: 'Variant' });
/** What counts as a success, where it has to be said. */
const Success = z
  .strictObject({
    kinds: success.kinds.default([...CHOSEN_KINDS]),
    windowHours: success.windowHours.default(24),
  })
  .default({ kinds: [...CHOSEN_KINDS], windowHours: 24 })
  .meta({
    description: 'An event of one of these kinds by the same person on the item, so soon after an impression.',
  });
const NO_SUCCESS = 'To be shown is no success.';
export const ExperimentWrite = z
  .strictObject({
    variants: z.array(Variant).min(1).max(20).meta({ description: 'The others are compared with the first one.' }),
    from: Time.nullable().optional().meta({ description: 'Now, where a new one does not say.' }),
    until: Time.nullable().optional(),
    success: Success,
  })
  .superRefine(({ variants, success: { kinds } }, context) => {
    const refuse = (path: string, message: string) => context.addIssue({ code: 'custom', path: [path], message });
    const total = variants.reduce((sum, { share }) => sum + share, 0);
    if (Math.abs(total - 1) > 1e-6)
      refuse('variants', `The shares add up to ${Number(total.toFixed(6))}, and must add up to 1.`);
    if (new Set(variants.map(({ name }) => name)).size < variants.length)
      refuse('variants', 'Each variant has a name of its own.');
    if (kinds.includes('impression')) refuse('success', NO_SUCCESS);
  })
  .meta({ id: 'ExperimentWrite' });
export type ExperimentWrite = z.output<typeof ExperimentWrite>;
export const Experiment = z
  .strictObject({
    name: z.string(),
    active: z.boolean(),
    variants: z.array(Variant),
    from: z.iso.datetime(),
    until: z.iso.datetime().nullable(),
    success: z.strictObject(success),
    createdAt: z.iso.datetime(),
    updatedAt: z.iso.datetime(),
  })
  .meta({ id: 'Experiment', description: 'People, split over variants of what is recommended to them.' });
const Between = { low: z.number(), high: z.number() };
export const ExperimentResults = z
  .strictObject({
    name: z.string(),
    variants: z.array(
      z.strictObject({
        name: z.string(),
        people: z.int(),
        impressions: z.int(),
        successes: z.int(),
        rate: z
          .strictObject({ value: z.number(), ...Between })
          .nullable()
          .meta({
            description: 'Successes an impression, with the 95% interval; null where nothing was shown.',
          }),
        difference: z
          .strictObject({ value: z.number(), ...Between })
          .nullable()
          .meta({
            description: 'Its rate less that of the first variant, with the 95% interval; null for the first one.',
          }),
        says: z.string().meta({ description: 'The same in words.' }),
      }),
    ),
    warnings: z.array(z.string()),
  })
  .meta({ id: 'ExperimentResults' });
export const EstimateRequest = z
  .strictObject({
    request: VariantRequest.meta({ description: 'The other way, as a variant of an experiment would say it.' }),
    success: Success,
    clip: z.number().positive().max(1_000_000).default(10).meta({
      description: 'Weights beyond this are cut off in the clipped estimate.',
    }),
  })
  .refine(({ success: { kinds } }) => !kinds.includes('impression'), { path: ['success'], message: NO_SUCCESS })
  .meta({ id: 'EstimateRequest' });
