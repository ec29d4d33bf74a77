import { z } from 'zod';
import { AppError } from '../errors.js';

/**
 * One row of a table of kinds: the schema of its options, and what makes it. `build` parses first, so nothing is ever
 * made from options that were not checked; it throws SETTINGS_INVALID where they are wrong.
 */
export const define = <S extends z.ZodType, Given extends readonly unknown[], Made>(
  options: S,
  create: (options: z.output<S>, ...given: Given) => Made,
) => ({
  options,
  build: (raw: unknown, ...given: Given): Made => {
    const parsed = options.safeParse(raw);
    if (!parsed.success) throw new AppError('SETTINGS_INVALID', { why: z.prettifyError(parsed.error) });
    return create(parsed.data, ...given);
  },
});
