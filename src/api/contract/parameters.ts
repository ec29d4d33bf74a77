import { z } from 'zod';

/** Parameters of the address are text: these say what the text must be, and what comes out. */

/** A whole number in a range, written in digits only: no sign, no exponent, no spaces. */
export function integerText(low: number, high: number, fallback: number) {
  return z
    .string()
    .regex(/^\d{1,9}$/, `Expected a whole number from ${low} to ${high}.`)
    .transform(Number)
    .pipe(z.int().min(low).max(high))
    .default(fallback)
    .meta({ override: { type: 'integer', minimum: low, maximum: high, default: fallback, pattern: undefined } });
}

/** A decimal number in a range. */
export function numberText(low: number, high: number) {
  return z
    .string()
    .regex(/^-?\d{1,9}(\.\d{1,18})?$/, `Expected a number from ${low} to ${high}.`)
    .transform(Number)
    .pipe(z.number().min(low).max(high))
    .meta({ override: { type: 'number', minimum: low, maximum: high, pattern: undefined } });
}

/** JSON text of something. */
export function jsonText<T extends z.ZodType>(schema: T) {
  return z
    .string()
    .max(8_192)
    .transform((text, context): unknown => {
      try {
        return JSON.parse(text);
      } catch {
        context.addIssue({ code: 'custom', message: 'Expected JSON.' });
        return z.NEVER;
      }
    })
    .pipe(schema)
    .meta({ description: 'JSON text.', override: { type: 'string', maxLength: 8_192 } });
}
