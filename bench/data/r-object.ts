import { inflateSync } from 'node:zlib';

/** What is read of an R object: vectors as arrays, lists with their attributes (`names`, `levels`) beside them. */
export interface RValue {
  readonly values: readonly unknown[];
  readonly attributes: Readonly<Record<string, RValue>>;
}

const NONE: RValue = { values: [], attributes: {} };
/** Types of an R object by number, as "R Internals" lists them (section 1.1 and 1.8, serialisation format 2 and 3). */
const TYPE = { symbol: 1, pairs: 2, character: 9, logical: 10, integer: 13, real: 14, strings: 16, list: 19 } as const;
const PSEUDO = { altRep: 238, none: 254, global: 253, reference: 255 } as const;

/** Reads R's XDR serialisation (what is in an `.rds` once it is unzipped), as far as data frames need it. */
export function readRObject(bytes: Buffer): RValue {
  let at = 14; // "X\n", and the versions of the format and of two Rs
  const skip = (length: number): number => {
    at += length;
    return at - length;
  };
  const int = (): number => bytes.readInt32BE(skip(4));
  const many = <T>(read: () => T): T[] => Array.from({ length: int() }, read);
  const real = (): number => bytes.readDoubleBE(skip(8));
  const symbols: RValue[] = [];
  if (bytes.readInt32BE(2) === 3) at = 18 + bytes.readInt32BE(14); // format 3 names its encoding
  const text = (): string | null => {
    skip(4); // flags: always a string, with its encoding
    const length = int();
    return length < 0 ? null : bytes.subarray(skip(length), at).toString('utf8');
  };

  function pairs(flags: number): Record<string, RValue> {
    const found: Record<string, RValue> = {};
    for (let next = flags; (next & 255) === TYPE.pairs; next = int()) {
      if (next & 512) read(int());
      const tag = next & 1024 ? String(read(int()).values[0]) : '';
      found[tag] = read(int());
    }
    return found;
  }

  function body(type: number): readonly unknown[] {
    if (type === TYPE.integer || type === TYPE.logical) return many(int);
    if (type === TYPE.real) return many(real);
    if (type === TYPE.strings) return many(text);
    if (type === TYPE.list) return many(() => read(int()));
    throw new Error(`An R object of type ${type} is not read here.`);
  }

  function read(flags: number): RValue {
    const type = flags & 255;
    if (type === PSEUDO.none || type === PSEUDO.global) return NONE;
    if (type === PSEUDO.reference) return symbols[(flags >> 8) - 1] ?? NONE;
    if (type === TYPE.symbol) return symbols[symbols.push({ values: [text()], attributes: {} }) - 1]!;
    if (type === TYPE.pairs) return { values: [], attributes: pairs(flags) };
    if (type === PSEUDO.altRep) return compact(read(int()), read(int()), read(int()));
    const values = body(type);
    return { values, attributes: flags & 512 ? pairs(int()) : {} };
  }
  return read(int());
}

/** A vector that R kept in short: a run of numbers (count, first, step), or another vector with remarks about it. */
function compact(info: RValue, state: RValue, attributes: RValue): RValue {
  const [count, first, step] = state.values as number[];
  const kind = JSON.stringify(info);
  if (kind.includes('compact_'))
    return { values: Array.from({ length: count! }, (_, i) => first! + i * step!), attributes: attributes.attributes };
  return Object.values(state.attributes)[0] ?? state;
}

/** A slice of an `.rdb`: a length as a big-endian u32, then zlib. */
export const inflateSlice = (slice: Buffer): Buffer => inflateSync(slice.subarray(4));
