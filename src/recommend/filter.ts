import { z } from 'zod';

const Scalar = z.union([z.string(), z.number(), z.boolean(), z.null()]);
const Bound = z.union([z.string(), z.number()]);

/** A condition on attributes, as `docs` and the contract describe it. */
export type Filter =
  | { readonly and: readonly Filter[] }
  | { readonly or: readonly Filter[] }
  | { readonly not: Filter }
  | { readonly [field: string]: Condition };

export type Condition =
  | z.output<typeof Scalar>
  | { readonly in: readonly z.output<typeof Scalar>[] }
  | {
      readonly gt?: z.output<typeof Bound>;
      readonly gte?: z.output<typeof Bound>;
      readonly lt?: z.output<typeof Bound>;
      readonly lte?: z.output<typeof Bound>;
    }
  | { readonly exists: boolean };
