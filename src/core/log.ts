/** A structured log, as pino writes it. Fields first, then a sentence. Never hand it a key, a token or a picture. */
export interface Log {
  debug(fields: object, message: string): void;
  info(fields: object, message: string): void;
  warn(fields: object, message: string): void;
  error(fields: object, message: string): void;
}

/** For tests and quiet commands. */
export const noLog: Log = { debug() {}, info() {}, warn() {}, error() {} };
