import { z } from 'zod';
import { AppError } from '../errors.js';

/** Parses what a person set, all mistakes at once. Throws SETTINGS_INVALID with one line for each. */
export function parseSettings<S extends z.ZodType>(schema: S, raw: unknown): z.output<S> {
  const parsed = schema.safeParse(raw);
  if (!parsed.success) throw new AppError('SETTINGS_INVALID', { why: z.prettifyError(parsed.error) });
  return parsed.data;
}
