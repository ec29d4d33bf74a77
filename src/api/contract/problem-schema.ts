import { z } from 'zod';

export const Problem = z
  .strictObject({
    type: z.string(),
    title: z.string(),
    status: z.int(),
    code: z.string().meta({ description: 'Stable and upper-case; the same failure always has the same code.' }),
    detail: z.string(),
    remedy: z.string().optional(),
    requestId: z.string().optional(),
    issues: z.array(z.strictObject({ path: z.string(), message: z.string() })).optional(),
  })
  .meta({ id: 'Problem', description: 'A problem document, RFC 9457.' });
