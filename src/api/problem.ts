import { STATUS_CODES } from 'node:http';
import { AppError, type ErrorCode, type Issue, isDiskFull } from '../errors.js';

/** The problem document of RFC 9457, as the contract promises it. */
export interface Problem {
  readonly type: string;
  readonly title: string;
  readonly status: number;
  readonly code: ErrorCode;
  readonly detail: string;
  readonly remedy?: string;
  readonly requestId?: string;
  readonly issues?: readonly Issue[];
}

/** Any failure as one of the closed catalogue. What nobody foresaw becomes INTERNAL, and says nothing of its cause. */
export function toAppError(failure: unknown): AppError {
  if (failure instanceof AppError) return failure;
  if (isDiskFull(failure)) return new AppError('DISK_FULL', { what: 'this write' }, { cause: failure });
  // Express: a path whose percent-encoding is broken, a range or precondition that can't be met.
  const status = (failure as { status?: unknown } | null)?.status;
  if (failure instanceof URIError || (typeof status === 'number' && status >= 400 && status < 500))
    return new AppError(
      'REQUEST_INVALID',
      { why: 'The address or a header of this request is broken.' },
      { cause: failure },
    );
  return new AppError('INTERNAL', {}, { cause: failure });
}

export function toProblem(error: AppError, requestId?: string): Problem {
  return {
    type: `urn:kindred:problem:${error.code}`,
    title: STATUS_CODES[error.status] ?? 'Error',
    status: error.status,
    code: error.code,
    detail: error.message,
    remedy: error.remedy,
    ...(error.status >= 500 && requestId !== undefined ? { requestId } : {}),
    ...(error.issues && error.issues.length > 0 ? { issues: error.issues } : {}),
  };
}

/** Headers that go with some failures. */
export function problemHeaders(error: AppError): Record<string, string> {
  switch (error.status) {
    case 401:
      return { 'WWW-Authenticate': 'Bearer' };
    case 405:
      return { Allow: (error as AppError<'METHOD_NOT_ALLOWED'>).details.allowed };
    case 429:
    case 503:
      return { 'Retry-After': '1' };
    default:
      return {};
  }
}
