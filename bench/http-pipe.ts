import { connect, type Socket } from 'node:net';

const HEAD_END = Buffer.from('\r\n\r\n');

/**
 * One connection of a load generator: a request at a time, answers read just far enough to know where they end. A real
 * HTTP client costs as much as the server it measures, on the cores that the server needs.
 */
export class HttpPipe {
  readonly #socket: Socket;
  #pending: Buffer = Buffer.alloc(0);
  #settle: { resolve: (status: number) => void; reject: (cause: Error) => void } | undefined;

  private constructor(socket: Socket) {
    this.#socket = socket;
    socket.setNoDelay(true);
    socket.on('data', (chunk: Buffer) => this.#read(chunk));
    const fail = (cause?: Error) => this.#end()?.reject(cause ?? new Error('The server closed the connection.'));
    socket.on('error', fail).on('close', () => fail());
  }

  static open(url: string): Promise<HttpPipe> {
    const { hostname, port } = new URL(url);
    return new Promise((resolve, reject) => {
      const socket = connect(Number(port), hostname, () => resolve(new HttpPipe(socket)));
      socket.once('error', reject);
    });
  }

  /** The status of the answer to one request, whose bytes `requestBytes` has made. */
  send(request: Buffer): Promise<number> {
    return new Promise((resolve, reject) => {
      this.#settle = { resolve, reject };
      this.#socket.write(request);
    });
  }

  close(): void {
    this.#socket.destroy();
  }

  #end() {
    const settle = this.#settle;
    this.#settle = undefined;
    return settle;
  }

  #read(chunk: Buffer): void {
    this.#pending = this.#pending.length === 0 ? chunk : Buffer.concat([this.#pending, chunk]);
    const head = this.#pending.indexOf(HEAD_END);
    if (head < 0) return;
    const text = this.#pending.toString('latin1', 0, head);
    const length = /\r\ncontent-length: *(\d+)/i.exec(text)?.[1];
    if (length === undefined) {
      this.#socket.destroy(new Error('An answer does not say how long it is.'));
      return;
    }
    if (this.#pending.length < head + HEAD_END.length + Number(length)) return;
    this.#pending = Buffer.alloc(0);
    this.#end()?.resolve(Number(text.slice(9, 12)));
  }
}

/** A whole request as it goes over the wire. */
export function requestBytes(url: string, path: string, body?: string, type = 'application/json'): Buffer {
  const lines = [`${body === undefined ? 'GET' : 'POST'} ${path} HTTP/1.1`, `Host: ${new URL(url).host}`];
  if (body !== undefined) lines.push(`Content-Type: ${type}`, `Content-Length: ${Buffer.byteLength(body)}`);
  return Buffer.from(`${lines.join('\r\n')}\r\n\r\n${body ?? ''}`);
}
