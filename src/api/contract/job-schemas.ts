import { z } from 'zod';
import { JOB_STATES } from '../../catalogue/catalogue.js';

/** Long work, and the releases that come of it. */

export const Job = z
  .strictObject({
    jobId: z.string(),
    kind: z.string(),
    collection: z.string(),
    state: z.enum(JOB_STATES),
    progress: z
      .strictObject({
        stage: z.string().optional(),
        done: z.number(),
        total: z.number().optional(),
        unit: z.string(),
        etaSeconds: z.number().optional(),
        note: z.string().optional(),
      })
      .optional(),
    result: z.unknown().optional(),
    error: z.strictObject({ code: z.string(), message: z.string(), remedy: z.string().optional() }).optional(),
    createdAt: z.iso.datetime(),
    startedAt: z.iso.datetime().optional(),
    finishedAt: z.iso.datetime().optional(),
  })
  .meta({ id: 'Job' });
export const Release = z
  .strictObject({
    releaseId: z.string(),
    collection: z.string(),
    indexId: z.string(),
    modelId: z.string(),
    behaviourId: z.string().nullable(),
    active: z.boolean(),
    origin: z.string(),
    createdAt: z.iso.datetime(),
    activatedAt: z.iso.datetime().nullable(),
  })
  .meta({ id: 'Release' });
