import type { z } from 'zod';
import { AppError, type Issue } from '../errors.js';

/** Fields that the design names and this build does not have. They are refused by name, never ignored. */
const NOT_BUILT = new Set(['facets', 'text', 'arrange']);

/** `examples[0].weight`, as people write it. */
export function pathText(path: readonly PropertyKey[]): string {
  return path.reduce<string>(
    (text, part) =>
      typeof part === 'number' ? `${text}[${part}]` : text === '' ? String(part) : `${text}.${String(part)}`,
    '',
  );
}

function unknownField(path: readonly PropertyKey[], key: string): Issue {
  const message = NOT_BUILT.has(key) ? `"${key}" is not built yet.` : `"${key}" is not a field here.`;
  return { path: pathText([...path, key]), message };
}

/** How zod says that a field is not there. */
const LEFT_OUT = /^Invalid input: expected (.+), received undefined$/;

function toIssues(found: readonly z.core.$ZodIssue[], prefix: readonly PropertyKey[]): Issue[] {
  return found.flatMap((issue): Issue[] => {
    const path = [...prefix, ...issue.path];
    if (issue.code === 'unrecognized_keys') return issue.keys.map((key) => unknownField(path, key));
    if (issue.code === 'invalid_union') {
      // Tell what is wrong with the branch that came closest: the one whose first mistake lies deepest.
      const deepest = [...issue.errors].sort((a, b) => (b[0]?.path.length ?? 0) - (a[0]?.path.length ?? 0))[0];
      if (deepest && (deepest[0]?.path.length ?? 0) + path.length > prefix.length) return toIssues(deepest, path);
    }
    return [{ path: pathText(path), message: issue.message.replace(LEFT_OUT, 'It is missing: expected $1.') }];
  });
}

const MAX_ISSUES = 20;

/** REQUEST_INVALID with one issue a mistake. */
export function invalid(error: z.ZodError, prefix: readonly PropertyKey[] = []): AppError<'REQUEST_INVALID'> {
  const issues = toIssues(error.issues, prefix).slice(0, MAX_ISSUES);
  const first = issues[0];
  const why = !first
    ? 'The request is not as it should be.'
    : first.path === ''
      ? first.message
      : `${first.path}: ${first.message}`;
  return new AppError('REQUEST_INVALID', { why }, { issues });
}

/** Parses, or throws REQUEST_INVALID. */
export function parseWith<T extends z.ZodType>(
  schema: T,
  value: unknown,
  prefix: readonly PropertyKey[] = [],
): z.output<T> {
  const parsed = schema.safeParse(value);
  if (!parsed.success) throw invalid(parsed.error, prefix);
  return parsed.data;
}
