import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo, LookupFunction } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { AppError } from '../../src/errors.js';
import { createFetchPicture, type FetchOptions } from '../../src/images/fetch-picture.js';
import { isPublicAddress } from '../../src/images/public-address.js';

let server: Server;
let base: string;
let port: number;
const asked: string[] = [];

function answer(request: IncomingMessage, response: ServerResponse): void {
  const path = request.url ?? '/';
  asked.push(path);
  if (path === '/picture') response.end('picture');
  else if (path.startsWith('/hop/')) {
    const left = Number(path.slice(5));
    response.writeHead(302, { location: left === 0 ? '/picture' : `/hop/${left - 1}` }).end();
  } else if (path.startsWith('/to?')) response.writeHead(307, { location: decodeURIComponent(path.slice(4)) }).end();
  else if (path === '/endless') {
    const more = setInterval(() => response.write(Buffer.alloc(10_000)), 1);
    response.on('close', () => clearInterval(more));
  } else if (path === '/claims') response.writeHead(200, { 'content-length': 1_000_000_000 }).flushHeaders();
  else if (path === '/slow') response.write('never more');
  else if (path === '/breaks') {
    response.writeHead(200, { 'content-length': 100 }).write('half');
    setTimeout(() => response.destroy(), 20);
  } else response.writeHead(404).end();
}

beforeAll(async () => {
  server = createServer(answer);
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  port = (server.address() as AddressInfo).port;
  base = `http://127.0.0.1:${port}`;
});
afterAll(() => {
  server.closeAllConnections();
  server.close();
});

const code = async (url: string, options: Partial<FetchOptions> = {}, signal?: AbortSignal): Promise<string> => {
  try {
    return String(await createFetchPicture({ maxBytes: 50_000, ...options })(url, signal));
  } catch (cause) {
    if (!(cause instanceof AppError)) throw cause;
    return cause.code;
  }
};
const open = { allowPrivate: true };

/** A name server that answers what the test says, one answer after the other. */
function names(...answers: string[][]): LookupFunction {
  let turn = 0;
  return (_hostname, options, done) => {
    const found = answers[Math.min(turn++, answers.length - 1)]!.map((address) => ({ address, family: 4 }));
    if (options.all === true) done(null, found);
    else done(null, found[0]!.address, 4);
  };
}

describe('createFetchPicture, where private addresses are allowed', () => {
  it('fetches, and follows three redirects but not four', async () => {
    expect(await code(`${base}/picture`, open)).toBe('picture');
    expect(await code(`${base}/hop/2`, open)).toBe('picture');
    expect(await code(`${base}/hop/3`, open)).toBe('URL_FAILED');
  });

  it('says so where the answer is no picture, breaks off or never comes', async () => {
    expect(await code(`${base}/nothing`, open)).toBe('URL_FAILED');
    expect(await code(`${base}/breaks`, open)).toBe('URL_FAILED');
    expect(await code('http://127.0.0.1:1/', open)).toBe('URL_FAILED');
    expect(await code('http://name.invalid/', open)).toBe('URL_FAILED');
  });

  it('bounds bytes, whether they are announced or not', async () => {
    expect(await code(`${base}/claims`, open)).toBe('PICTURE_TOO_LARGE');
    expect(await code(`${base}/endless`, open)).toBe('PICTURE_TOO_LARGE');
  });

  it('bounds the whole time, and stops when told', async () => {
    expect(await code(`${base}/slow`, { ...open, timeoutMs: 100 })).toBe('URL_FAILED');
    expect(await code(`${base}/slow`, open, AbortSignal.timeout(50))).toBe('URL_FAILED');
  });

  it.each([
    'ftp://example.org/a.png',
    'file:///etc/passwd',
    'data:image/png;base64,AA',
    'nonsense',
    'http://me:pw@a.org/',
  ])('refuses %s', async (url) => {
    expect(await code(url, open)).toBe('URL_REFUSED');
    expect(await code(`${base}/to?${encodeURIComponent(url)}`, open)).toMatch(/^URL_/);
  });
});

describe('createFetchPicture, guarded', () => {
  it.each([
    '127.0.0.1',
    'localhost',
    '2130706433',
    '0x7f000001',
    '0177.0.0.1',
    '127.1',
    '0',
    '[::1]',
    '[::ffff:127.0.0.1]',
    '[::ffff:7f00:1]',
    '169.254.169.254',
    '10.0.0.1',
  ])('refuses %s and sends nothing', async (host) => {
    const before = asked.length;

    expect(await code(`http://${host}:${port}/picture`)).toBe('URL_REFUSED');
    expect(asked.length).toBe(before);
  });

  it('refuses a name that resolves to a private address, alone or among public ones', async () => {
    expect(await code(`http://inner.example:${port}/picture`, { lookup: names(['127.0.0.1']) })).toBe('URL_REFUSED');
    expect(await code(`http://both.example:${port}/picture`, { lookup: names(['1.1.1.1', '127.0.0.1']) })).toBe(
      'URL_REFUSED',
    );
  });

  it('connects to the very address it checked, so that a name that changes its mind gains nothing', async () => {
    let resolved = 0;
    const rebinding: LookupFunction = (hostname, options, done) => {
      resolved++;
      names(resolved === 1 ? ['203.0.113.1'] : ['127.0.0.1'])(hostname, options, done);
    };

    expect(await code(`http://rebind.example:${port}/picture`, { lookup: rebinding, timeoutMs: 300 })).toMatch(/^URL_/);
    expect(resolved).toBe(1);
  });
});

describe('isPublicAddress', () => {
  it.each(['1.1.1.1', '93.184.216.34', '2606:4700:4700::1111', '::ffff:1.1.1.1'])('lets %s pass', (address) => {
    expect(isPublicAddress(address)).toBe(true);
  });

  it.each([
    '0.0.0.0',
    '10.1.2.3',
    '100.64.0.1',
    '127.0.0.1',
    '169.254.169.254',
    '172.16.0.1',
    '192.168.0.1',
    '192.0.2.1',
    '198.18.0.1',
    '224.0.0.1',
    '240.0.0.1',
    '255.255.255.255',
    '::',
    '::1',
    'fe80::1',
    'fe80::1%eth0',
    'fd00::1',
    'ff02::1',
    '::ffff:10.0.0.1',
    '::127.0.0.1',
    '64:ff9b::7f00:1',
    '2002:7f00:1::',
    '2001:db8::1',
    'fec0::1',
    '',
    'localhost',
    '[::1]',
  ])('stops %s', (address) => {
    expect(isPublicAddress(address)).toBe(false);
  });
});
