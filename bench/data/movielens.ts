import { readFile } from 'node:fs/promises';
import { gunzipSync } from 'node:zlib';
import { debianPackage } from './debian-package.js';
import { inflateSlice, type RValue, readRObject } from './r-object.js';

const FOLDER = 'usr/lib/R/site-library/dslabs/data';

export interface Rating {
  readonly person: string;
  readonly itemId: string;
  /** Epoch milliseconds. */
  readonly time: number;
  readonly genres: readonly string[];
}

/**
 * MovieLens-small: 100,004 ratings by 671 people (Harper and Konstan 2015, "The MovieLens Datasets"), from Debian's
 * r-cran-dslabs. To judge with; it is not ours to hand on.
 */
export async function movielens(say?: (line: string) => void): Promise<readonly Rating[]> {
  const path = (name: string) => debianPackage('r-cran-dslabs', `${FOLDER}/${name}`, say);
  const index = readRObject(gunzipSync(await readFile(await path('Rdata.rdx'))));
  const [offset, length] = named(named(index, 'variables'), 'movielens').values as [number, number];
  const file = await readFile(await path('Rdata.rdb'));
  const frame = readRObject(inflateSlice(file.subarray(offset, offset + length)));
  const column = (name: string) => named(frame, name).values;
  const [people, movies, times, genres] = [column('userId'), column('movieId'), column('timestamp'), column('genres')];
  const levels = named(frame, 'genres').attributes.levels?.values as string[];
  return people.map((person, i) => ({
    person: String(person),
    itemId: String(movies[i]),
    time: Number(times[i]) * 1000,
    genres: levels[Number(genres[i]) - 1]!.split('|'),
  }));
}

function named({ values, attributes }: RValue, name: string): RValue {
  const at = attributes.names?.values.indexOf(name) ?? -1;
  if (at < 0) throw new Error(`There is no ${name} in this R object.`);
  return values[at] as RValue;
}
