import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';
import { debianPackage } from './debian-package.js';

const unzip = promisify(gunzip);
const FOLDER = 'usr/share/datasets/fashion-mnist';
const SIDE = 28;

/** Grey pictures with their class (0 to 9): `images` is `[count, 28, 28]` bytes. */
export interface LabelledImages {
  readonly count: number;
  readonly images: Uint8Array;
  readonly labels: Uint8Array;
}

/** Reads an IDX file: big-endian magic, sizes, bytes. Debian packed it anew, so header and length are what is checked. */
export function idxBytes(file: Uint8Array, magic: number, sizes: readonly number[]): Uint8Array {
  const view = new DataView(file.buffer, file.byteOffset, file.byteLength);
  const head = 4 + 4 * sizes.length;
  const found = Array.from({ length: head / 4 }, (_, i) => view.getUint32(4 * i));
  const expected = [magic, ...sizes];
  if (found.join() !== expected.join()) throw new Error(`Expected an IDX header of ${expected}, found ${found}.`);
  const length = sizes.reduce((product, size) => product * size, 1);
  if (file.length !== head + length) throw new Error(`Expected ${head + length} bytes, found ${file.length}.`);
  return file.subarray(head);
}

/**
 * Fashion-MNIST (Xiao et al. 2017, arXiv:1708.07747; MIT): 60,000 to train on and to search in, 10,000 to ask with. From
 * Debian's dataset-fashion-mnist.
 */
export async function fashionMnist(part: 'train' | 'test', say?: (line: string) => void): Promise<LabelledImages> {
  const folder = await debianPackage('dataset-fashion-mnist', FOLDER, say);
  const [prefix, count] = part === 'train' ? (['train', 60_000] as const) : (['t10k', 10_000] as const);
  const read = async (name: string) => unzip(await readFile(join(folder, `${prefix}-${name}-ubyte.gz`)));
  return {
    count,
    images: idxBytes(await read('images-idx3'), 2051, [count, SIDE, SIDE]),
    labels: idxBytes(await read('labels-idx1'), 2049, [count]),
  };
}
