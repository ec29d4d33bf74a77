import { AppError, type ErrorCode, type ErrorDetails, type Issue } from '../errors.js';

/** An error as plain data, so that it can cross a thread: what is expected keeps its code and details. */
export type ErrorWire =
  | {
      readonly code: ErrorCode;
      readonly details: ErrorDetails<ErrorCode>;
      readonly issues: readonly Issue[] | undefined;
    }
  | { readonly message: string; readonly stack: string | undefined };

export function errorToWire(error: unknown): ErrorWire {
  if (error instanceof AppError) {
    const { code, details, issues } = error as AppError;
    return { code, details, issues };
  }
  if (error instanceof Error) return { message: error.message, stack: error.stack };
  return { message: String(error), stack: undefined };
}

export function errorFromWire(wire: ErrorWire): Error {
  if ('code' in wire) {
    return new AppError(wire.code, wire.details, wire.issues === undefined ? {} : { issues: wire.issues });
  }
  const error = new Error(wire.message);
  if (wire.stack !== undefined) error.stack = wire.stack;
  return error;
}
