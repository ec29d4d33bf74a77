import { inflateRawSync } from 'node:zlib';

const [END, ENTRY, LOCAL] = [0x06054b50, 0x02014b50, 0x04034b50];
const [STORED, DEFLATED] = [0, 8];
/** The longest end of a file that its directory's record may be in: 22 bytes and a comment. */
const LONGEST_END = 22 + 0xffff;

/**
 * The files of a ZIP archive by their names, unpacked when asked for (PKWARE's APPNOTE, 4.3). Archives of several disks,
 * of more than 4 GB or under a password are refused.
 */
export function zipEntries(bytes: Buffer): ReadonlyMap<string, () => Buffer> {
  const from = Math.max(0, bytes.length - LONGEST_END);
  const end = from + bytes.subarray(from).lastIndexOf(Buffer.from('PK\x05\x06', 'latin1'));
  if (end < from || bytes.readUInt32LE(end) !== END) throw new Error('This is no ZIP archive.');
  const count = bytes.readUInt16LE(end + 10);
  const entries = new Map<string, () => Buffer>();
  let at = bytes.readUInt32LE(end + 16);
  for (let i = 0; i < count; i++) {
    if (bytes.readUInt32LE(at) !== ENTRY) throw new Error(`The directory of this ZIP archive breaks off at file ${i}.`);
    const method = bytes.readUInt16LE(at + 10);
    const size = bytes.readUInt32LE(at + 20);
    const [name, extra, comment] = [28, 30, 32].map((field) => bytes.readUInt16LE(at + field)) as [
      number,
      number,
      number,
    ];
    const path = bytes.toString('utf8', at + 46, at + 46 + name);
    const local = bytes.readUInt32LE(at + 42);
    entries.set(path, () => contentAt(bytes, { path, local, method, size }));
    at += 46 + name + extra + comment;
  }
  return entries;
}

function contentAt(
  bytes: Buffer,
  {
    path,
    local,
    method,
    size,
  }: { readonly path: string; readonly local: number; readonly method: number; readonly size: number },
): Buffer {
  if (bytes.readUInt32LE(local) !== LOCAL) throw new Error(`${path} is not where its ZIP archive says.`);
  if (method !== STORED && method !== DEFLATED)
    throw new Error(`${path} is packed in a way (${method}) not known here.`);
  const start = local + 30 + bytes.readUInt16LE(local + 26) + bytes.readUInt16LE(local + 28);
  const packed = bytes.subarray(start, start + size);
  return method === STORED ? packed : inflateRawSync(packed);
}
