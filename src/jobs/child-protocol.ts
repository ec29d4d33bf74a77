import { z } from 'zod';

/** A job as it travels to its child: the parts of the port's `Job` that work needs. */
const StartMessage = z.object({
  type: z.literal('start'),
  job: z.object({
    jobId: z.string(),
    kind: z.string(),
    collection: z.string(),
    attempt: z.number().int(),
    input: z.json(),
  }),
});

/** What a parent says to the child that runs a job. */
const ToChild = z.discriminatedUnion('type', [StartMessage, z.object({ type: z.literal('cancel') })]);
export type ToChild = z.output<typeof ToChild>;
export type StartedJob = z.output<typeof StartMessage>['job'];

/** What a child says: it listens, how far it is, and once how it ended. */
const FromChild = z.discriminatedUnion('type', [
  z.object({ type: z.literal('ready') }),
  z.object({
    type: z.literal('progress'),
    report: z.object({
      stage: z.string(),
      done: z.number(),
      total: z.number().optional(),
      unit: z.string(),
      note: z.string().optional(),
    }),
  }),
  z.object({ type: z.literal('done'), result: z.json() }),
  z.object({ type: z.literal('failed'), code: z.string(), message: z.string(), remedy: z.string().optional() }),
]);
export type FromChild = z.output<typeof FromChild>;
export type EndMessage = Extract<FromChild, { type: 'done' | 'failed' }>;

/** What is checked on each side: a message that is not in here is not acted on. */
export const childProtocol = { toChild: ToChild, fromChild: FromChild };
