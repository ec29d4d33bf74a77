import { createServer as createHttpServer, type RequestListener, type Server } from 'node:http';
import type { Socket } from 'node:net';
import { AppError } from '../errors.js';
import { API_POLICY, SAFE_HEADERS } from './headers.js';
import { toProblem } from './problem.js';

export interface ApiServer {
  readonly server: Server;
  /** Resolves with the port. Throws what the system throws (EADDRINUSE …). */
  listen(port: number, host: string): Promise<number>;
  /** Takes nothing new, lets what is in work finish, and after `deadlineMs` breaks off what is left. */
  close(deadlineMs?: number): Promise<void>;
}

const HEADERS_MS = 15_000;
const KEEP_ALIVE_MS = 65_000;

/**
 * A server around the app, which is built with the signal that says when it closes:
 * `createServer((closing) => createApi(deps, { closing }))`.
 */
export function createServer(createApp: (closing: AbortSignal) => RequestListener): ApiServer {
  const closing = new AbortController();
  const server = createHttpServer(
    // Bodies of any length may stream in, so only headers have a fixed time; bodies have a bound on pauses instead.
    { requestTimeout: 0, headersTimeout: HEADERS_MS, keepAliveTimeout: KEEP_ALIVE_MS },
    createApp(closing.signal),
  );
  server.on('clientError', answerBroken);
  return {
    server,
    listen: (port, host) =>
      new Promise((resolve, reject) => {
        server.once('error', reject);
        server.listen(port, host, () => {
          server.off('error', reject);
          const address = server.address();
          resolve(address !== null && typeof address === 'object' ? address.port : port);
        });
      }),
    close: (deadlineMs = 10_000) =>
      new Promise((resolve) => {
        closing.abort();
        const deadline = setTimeout(() => server.closeAllConnections(), deadlineMs);
        // A connection that is idle now, or becomes so, must not keep the server open.
        const sweep = setInterval(() => server.closeIdleConnections(), 50);
        server.close(() => {
          clearTimeout(deadline);
          clearInterval(sweep);
          resolve();
        });
        server.closeIdleConnections();
      }),
  };
}

/** A request that is no HTTP, or whose headers are too large or too slow, never reaches the app. */
function answerBroken(failure: NodeJS.ErrnoException, socket: Socket): void {
  if (failure.code === 'ECONNRESET' || !socket.writable) {
    socket.destroy();
    return;
  }
  const error =
    failure.code === 'HPE_HEADER_OVERFLOW'
      ? new AppError('HEADERS_TOO_LARGE', {})
      : failure.code === 'ERR_HTTP_REQUEST_TIMEOUT'
        ? new AppError('REQUEST_TIMEOUT', {})
        : new AppError('REQUEST_INVALID', { why: 'This is not a request that can be read as HTTP.' });
  const problem = toProblem(error);
  const body = JSON.stringify(problem);
  const headers = {
    ...SAFE_HEADERS,
    'Content-Security-Policy': API_POLICY,
    'Content-Type': 'application/problem+json; charset=utf-8',
    'Content-Length': String(Buffer.byteLength(body)),
    Connection: 'close',
  };
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}`);
  socket.end(`HTTP/1.1 ${problem.status} ${problem.title}\r\n${lines.join('\r\n')}\r\n\r\n${body}`);
}
