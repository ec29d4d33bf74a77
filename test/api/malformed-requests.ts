import { gzipSync } from 'node:zlib';
import type { Random } from '../../src/core/random.js';

/** Requests that are wrong in every way somebody thought of, as bytes on a socket. */

const COLLECTION = '/v1/collections/default';
const TARGETS = [
  ['POST', `${COLLECTION}/search`],
  ['POST', `${COLLECTION}/search:batch`],
  ['POST', `${COLLECTION}/recommendations`],
  ['POST', `${COLLECTION}/events`],
  ['POST', `${COLLECTION}/items:batch`],
  ['POST', `${COLLECTION}/embed`],
  ['POST', `${COLLECTION}/items/a/explain`],
  ['PUT', `${COLLECTION}/items/a`],
  ['PATCH', `${COLLECTION}/items/a`],
  ['PUT', '/v1/collections/new'],
  ['POST', '/v1/admin/collections/default/train'],
  ['GET', `${COLLECTION}/items/a/similar`],
  ['GET', `${COLLECTION}/items/a/image`],
  ['GET', `${COLLECTION}/items`],
  ['GET', '/v1/admin/jobs'],
  ['DELETE', `${COLLECTION}/items/nobody`],
] as const;

const PATHS = [
  '/%',
  '/%zz',
  '/%00',
  '/v1/collections/%E0%A4%A/search',
  `${COLLECTION}/items/%ff`,
  `${COLLECTION}/items/%ed%a0%80`,
  `${COLLECTION}/items/${'a'.repeat(3_000)}`,
  `${COLLECTION}/items/..%2f..%2fetc`,
  `${COLLECTION}/items/a/image?size=-1`,
  `${COLLECTION}/items/a/image?size=99999999999`,
  `${COLLECTION}/items/a/image?size=64&size=64`,
  `${COLLECTION}/items/a/similar?k=1e3`,
  `${COLLECTION}/items/a/similar?__proto__=1`,
  `${COLLECTION}/items?filter=%7B`,
  `${COLLECTION}/items?filter=${encodeURIComponent('{"a":{"b":{"c":1}}}')}`,
  `${COLLECTION}/items?cursor=%00`,
  '/v1/collections/__proto__',
  '/v1/collections/constructor/search',
  '/v1/admin/jobs/%00',
  '/docs/%2e%2e%2fpackage.json',
  '//',
  '*',
  'http://localhost/v1/collections?x=%',
  '/?%',
  '/v1/collections/default/items/\u00ff',
];
const METHODS = [
  'GET',
  'HEAD',
  'POST',
  'PUT',
  'PATCH',
  'DELETE',
  'OPTIONS',
  'TRACE',
  'PROPFIND',
  'SEARCH',
  'QUERY',
  'BREW',
];
const TYPES = [
  'application/json',
  'application/json; charset=utf-16',
  'application/json; charset=nonsense',
  'application/x-ndjson',
  'multipart/form-data',
  'multipart/form-data; boundary=x',
  'multipart/form-data; boundary=',
  `multipart/form-data; boundary=${'b'.repeat(300)}`,
  'text/plain',
  'application/x-www-form-urlencoded',
  'application/merge-patch+json',
  ';;;',
  'application/json; charset',
];
const ENCODINGS = ['', '', '', 'gzip', 'br', 'deflate', 'zstd', 'gzip, gzip', '__proto__', 'identity'];

const deep = (open: string, close: string, levels: number) => open.repeat(levels) + close.repeat(levels);
const JSON_BODIES = [
  '',
  ' ',
  'null',
  '1',
  '"text"',
  '[]',
  '{',
  '{"a"',
  '{"k":1e999}',
  '{"k":-1e999,"examples":[{"itemId":"a"}]}',
  '{"__proto__":{"k":1},"examples":[{"itemId":"a"}]}',
  '{"constructor":{"prototype":{"x":1}}}',
  '{"examples":[{"itemId":"a","__proto__":{}}]}',
  '{"examples":[{"itemId":"\\ud800"}]}',
  '{"examples":[{"itemId":"\\u0000"}]}',
  '{"examples":[{"itemId":""}]}',
  '{"examples":[{"itemId":{"$gt":""}}]}',
  '{"examples":[{"vector":[]}]}',
  '{"examples":[{"vector":[null,1],"modelId":"tiny-pixels"}]}',
  '{"examples":[{"vector":["1"],"modelId":"tiny-pixels"}]}',
  '{"examples":[{"vector":[1e38,1e39],"modelId":"tiny-pixels"}]}',
  `{"examples":[{"vector":[${'0,'.repeat(191)}0],"modelId":"tiny-pixels"}]}`,
  `{"examples":[{"vector":[${'1e308,'.repeat(191)}1],"modelId":"tiny-pixels"}]}`,
  `{"examples":[{"vector":[${'1e-320,'.repeat(191)}1e-320],"modelId":"tiny-pixels"}]}`,
  '{"examples":[{"itemId":"a","weight":0}]}',
  '{"examples":[{"itemId":"a"},{"itemId":"a","weight":-1}]}',
  '{"examples":[{"itemId":"a","weight":1e300}]}',
  '{"examples":[{"image":"AAAA"}]}',
  '{"examples":[{"image":"data:image/png,AAAA"}]}',
  '{"examples":[{"imageUrl":"file:///etc/passwd"}]}',
  '{"examples":[{"imageUrl":"http://[::1]:1/"}]}',
  '{"examples":[{"imageUrl":"\\u0000"}]}',
  '{"examples":[{"itemId":"a"}],"filter":{"a":{"in":[]}}}',
  '{"examples":[{"itemId":"a"}],"filter":{"and":[{"or":[]},{"not":{}}]}}',
  '{"examples":[{"itemId":"a"}],"filter":{"a..b":1,"":2,".":3}}',
  `{"examples":[{"itemId":"a"}],"filter":${deep('{"not":', '}', 60).replace('}', '{}}')}}`,
  '{"examples":[{"itemId":"a"}],"cursor":"."}',
  '{"examples":[{"itemId":"a"}],"cursor":"W10.AAAAAAAAAAAAAAAAAAAAAA"}',
  '{"examples":[{"itemId":"a"}],"k":2147483648}',
  '{"searches":[null,1,"x",[],{},{"examples":null}]}',
  '{"searches":[{"examples":[{"itemId":"a"}],"k":-1},{"examples":[{"itemId":"\\ud800"}]}]}',
  '{"user":"","session":"\\u0000"}',
  '{"user":"a","context":"nobody"}',
  '{"user":"\\ud83d"}',
  '{"attributes":null}',
  '{"attributes":{"a":"\\u0000","b":[[[[[[]]]]]]}}',
  '{"attributes":{"toString":1,"hasOwnProperty":2,"__defineGetter__":3}}',
  '{"images":[1]}',
  '{"image":"iVBORw0KGgoAAAANSUhEUgAAAAEAAAAB"}',
  '{"encoder":"../../etc"}',
  '{"encoder":"none","dimension":1e9}',
  '{"itemId":"a","kind":"view","time":8.64e15,"value":-0}',
  '{"itemId":"a","kind":"view","time":"0000-01-01T00:00:00Z"}',
  '{"itemId":"a","kind":"view","time":"9999-12-31T23:59:60Z"}',
  '[{"itemId":"a","kind":"view"},null,[],1]',
  '{"minutes":0}',
  '{"minutes":1e-300,"seed":-1}',
  deep('[', ']', 50_000),
  deep('{"a":', '}', 50_000),
  `{"a":"${'\\"'.repeat(5_000)}`,
  `${'['.repeat(100)}"${']'.repeat(100)}`,
  '{"a":1}{"b":2}',
  '\u2028{}',
  '// comment\n{}',
  '{"itemId":"a","itemId":"b"}\n\n\r\n{"itemId":1}\n',
];
const BYTES = [
  Buffer.from([0xff, 0xfe, 0x7b, 0]),
  Buffer.from([0xc3, 0x28]),
  Buffer.from([0xed, 0xa0, 0x80]),
  Buffer.alloc(64),
];
const FORMS = [
  '--x',
  '--x--',
  '--x--\r\n',
  '--x\r\n\r\n\r\n--x--',
  '--x\r\nContent-Disposition: form-data\r\n\r\na\r\n--x--\r\n',
  '--x\r\nContent-Disposition: form-data; name="image"; filename="a"\r\n\r\nabc',
  '--x\r\nContent-Disposition: form-data; name="image"; filename="a"\r\n\r\n\r\n--x--\r\n',
  '--x\r\nContent-Disposition: form-data; name="other"; filename="a"\r\n\r\nabc\r\n--x--\r\n',
  '--x\r\nContent-Disposition: form-data; name="k"\r\n\r\n{\r\n--x--\r\n',
  '--x\r\nContent-Disposition: form-data; name="__proto__"\r\n\r\n1\r\n--x--\r\n',
  '--x\r\nContent-Disposition: form-data; name="k"\r\n\r\n1\r\n--x\r\nContent-Disposition: form-data; name="k"\r\n\r\n2\r\n--x--\r\n',
  `--x\r\nContent-Disposition: form-data; name="${'n'.repeat(500)}"\r\n\r\n1\r\n--x--\r\n`,
  `--x\r\n${'X-Header: y\r\n'.repeat(200)}\r\n1\r\n--x--\r\n`,
  `${'--x\r\nContent-Disposition: form-data; name="image"; filename="a"\r\n\r\na\r\n'.repeat(70)}--x--\r\n`,
];
const BROKEN = [
  'nonsense\r\n\r\n',
  'GET / HTTP/9.9\r\n\r\n',
  'GET / HTTP/1.1\r\n\r\n',
  'GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n',
  'GET / HTTP/1.1\r\nHost: localhost\r\nBad Header: x\r\n\r\n',
  `GET / HTTP/1.1\r\nHost: localhost\r\nX: ${'x'.repeat(20_000)}\r\n\r\n`,
  `GET /${'x'.repeat(20_000)} HTTP/1.1\r\nHost: localhost\r\n\r\n`,
  'POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: -1\r\n\r\n',
  'POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n',
  `POST ${COLLECTION}/search HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n`,
  `POST ${COLLECTION}/search HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: 50\r\n\r\n{"half":`,
  `PUT ${COLLECTION}/items/a HTTP/1.1\r\nHost: localhost\r\nContent-Type: multipart/form-data; boundary=x\r\nContent-Length: 500\r\n\r\n--x\r\nContent-Dis`,
  `POST ${COLLECTION}/items:batch HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/x-ndjson\r\nTransfer-Encoding: chunked\r\n\r\n5\r\n{"ite`,
  'GET / HTTP/1.1\r\nHost: localhost\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n',
  'CONNECT localhost:1 HTTP/1.1\r\nHost: localhost\r\n\r\n',
  'GET /v1/collections HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer \u00ff\r\n\r\n',
  'GET /v1/collections HTTP/1.1\r\nHost: localhost\r\nX-Request-Id: a b\r\nCookie: __proto__=1\r\n\r\n',
  'GET / HTTP/1.1\r\nHost: localhost\r\nRange: bytes=9-1\r\nIf-None-Match: "\r\nIf-Match: x\r\n\r\n',
  'GET / HTTP/1.1\r\nHost: localhost\r\nExpect: 200-maybe\r\n\r\n',
  '\r\n\r\n\r\n',
  '\x16\x03\x01\x02\x00\x01\x00',
];

const pick = <T>(random: Random, list: readonly T[]): T => list[random.int(list.length)] as T;

function body(random: Random): Buffer {
  const kind = random.int(10);
  if (kind === 0) return pick(random, BYTES);
  if (kind === 1) return Buffer.from(Array.from({ length: random.int(200) }, () => random.int(256)));
  if (kind === 2) return Buffer.from(pick(random, FORMS));
  const text = pick(random, JSON_BODIES);
  if (kind > 5) return Buffer.from(text);
  // A body that is almost right: one character dropped or doubled.
  const at = random.int(text.length + 1);
  return Buffer.from(
    random.chance(0.5) ? text.slice(0, at) + text.slice(at + 1) : text.slice(0, at) + text.slice(at - 1),
  );
}

/** One malformed (or at least strange) request. */
export function malformedRequest(random: Random): Buffer {
  if (random.chance(0.1)) return Buffer.from(pick(random, BROKEN), 'latin1');
  const [method, path] = random.chance(0.7) ? pick(random, TARGETS) : [pick(random, METHODS), pick(random, PATHS)];
  const type = random.chance(0.6) ? 'application/json' : pick(random, TYPES);
  const encoding = random.chance(0.85) ? '' : pick(random, ENCODINGS);
  let bytes = type.startsWith('multipart') && random.chance(0.7) ? Buffer.from(pick(random, FORMS)) : body(random);
  if (encoding === 'gzip' && random.chance(0.6)) bytes = gzipSync(bytes);
  if (encoding === 'gzip' && random.chance(0.3)) bytes = bytes.subarray(0, bytes.length - 5);
  const short = random.chance(0.03) ? 7 : 0;
  const head = [
    `${method} ${path} HTTP/1.1`,
    'Host: localhost',
    'Connection: close',
    ...(random.chance(0.95) ? [`Content-Type: ${type}`] : []),
    ...(encoding === '' ? [] : [`Content-Encoding: ${encoding}`]),
    ...(random.chance(0.95) ? [`Content-Length: ${bytes.length + short}`] : ['Transfer-Encoding: chunked']),
  ].join('\r\n');
  return Buffer.concat([Buffer.from(`${head}\r\n\r\n`, 'latin1'), bytes]);
}
