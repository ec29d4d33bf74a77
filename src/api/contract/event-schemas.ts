import { z } from 'zod';
import { EVENT_KINDS } from '../../catalogue/catalogue.js';
import { Attributes, ExperimentName, given, ItemId, Time, VariantName } from './common-schemas.js';

/** What people did. */

const Who = z.string().min(1).max(256);
export const SHOWN_FIELDS = ['propensity', 'position', 'requestId', 'experiment', 'variant'] as const;
export const EventFields = z.strictObject({
  userId: Who.optional(),
  sessionId: Who.optional(),
  itemId: ItemId,
  kind: z.enum(EVENT_KINDS),
  time: Time.optional().meta({ description: 'When it happened; now where it is left out.' }),
  value: z.number().optional(),
  eventId: z.string().min(1).max(256).optional().meta({ description: 'The same id twice counts once.' }),
  propensity: z.number().gt(0).max(1).optional().meta({
    description: 'With impressions: the probability that the item was shown in its place, as its hit says.',
  }),
  position: z.int().min(1).max(1_000_000).optional().meta({ description: 'With impressions: the place, from 1.' }),
  requestId: z.string().min(1).max(256).optional().meta({
    description: 'With impressions: the same for all that one answer showed.',
  }),
  experiment: ExperimentName.optional().meta({ description: 'With impressions: as the answer says.' }),
  variant: VariantName.optional().meta({ description: 'With impressions: as the answer says.' }),
});
export const Event = EventFields.superRefine((event, context) => {
  const shown = given(event, SHOWN_FIELDS);
  if (event.kind !== 'impression')
    for (const field of shown)
      context.addIssue({ code: 'custom', path: [field], message: `Only an impression has a ${field}.` });
  if ((event.experiment === undefined) !== (event.variant === undefined))
    context.addIssue({ code: 'custom', path: ['variant'], message: 'An experiment and its variant go together.' });
}).meta({ id: 'Event', description: 'One thing somebody did with one item.' });
export type Event = z.output<typeof Event>;
export const UserId = Who.meta({ id: 'UserId', description: 'Whoever did it: any string of 1 to 256 characters.' });
export const StoredEvent = z
  .strictObject({
    userId: Who,
    sessionId: Who.optional(),
    itemId: ItemId,
    kind: z.enum(EVENT_KINDS),
    time: z.iso.datetime(),
    value: z.number().optional(),
    eventId: z.string().optional(),
    propensity: z.number().optional(),
    position: z.int().optional(),
    requestId: z.string().optional(),
    experiment: z.string().optional(),
    variant: z.string().optional(),
    request: Attributes.optional().meta({ description: 'What the answer had been asked for, beside whom it was for.' }),
    receivedAt: z.iso.datetime(),
  })
  .meta({ id: 'StoredEvent', description: 'One thing a person did, as it is kept.' });
export const EventsAnswer = z
  .strictObject({
    accepted: z.int(),
    duplicates: z.int(),
    failed: z.array(z.strictObject({ line: z.int().min(1), code: z.string(), message: z.string() })),
    failedUnlisted: z
      .int()
      .min(1)
      .optional()
      .meta({ description: 'How many lines failed beyond those that `failed` lists: the first 10,000.' }),
  })
  .meta({ id: 'EventsAnswer' });
