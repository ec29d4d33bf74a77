import { AppError, isDiskFull } from '../errors.js';

/** SQLite's ways to say that the file can't be used; the rest (a constraint, a syntax error) is a fault of ours. */
const SQLITE_UNAVAILABLE = /^SQLITE_(BUSY|IOERR|CANTOPEN|READONLY|CORRUPT|NOTADB|PROTOCOL|LOCKED|NOMEM|PERM)/;
/** Postgres classes: connection, authorisation, no such database, resources, shut down. */
const POSTGRES_UNAVAILABLE = /^(08...|28...|3D000|53...|57P0.|XX001|25006)$/;
const NETWORK_UNAVAILABLE = /^(ECONN|ENOTFOUND|EAI_|ETIMEDOUT|EHOSTUNREACH|ENETUNREACH|EPIPE|ENOENT|EACCES|EPERM)/;
const POSTGRES_MESSAGES = /Connection terminated|timeout exceeded when trying to connect|Client has encountered/i;
/** Text that Postgres can't hold: NUL, or what is not UTF-8. */
const POSTGRES_TEXT = /^(22021|22P05)$/;

/** Translates what a database threw into the closed list of errors; what is our own fault stays as it is. */
export function catalogueError(cause: unknown): unknown {
  if (cause instanceof AppError || !(cause instanceof Error)) return cause;
  const code = String((cause as { code?: unknown }).code ?? '');
  if (isDiskFull(cause) || code === 'SQLITE_IOERR_SHMSIZE') {
    return new AppError('DISK_FULL', { what: 'the catalogue' }, { cause });
  }
  if (POSTGRES_TEXT.test(code)) {
    return new AppError(
      'REQUEST_INVALID',
      { why: 'Text holds a character that the database can not keep.' },
      { cause },
    );
  }
  const unavailable =
    SQLITE_UNAVAILABLE.test(code) ||
    POSTGRES_UNAVAILABLE.test(code) ||
    NETWORK_UNAVAILABLE.test(code) ||
    POSTGRES_MESSAGES.test(cause.message);
  return unavailable ? new AppError('CATALOGUE_UNAVAILABLE', { why: cause.message }, { cause }) : cause;
}
