import type { Dirent, Stats } from 'node:fs';
import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';

const unlessGone = async <T>(doing: Promise<T>): Promise<T | undefined> => {
  try {
    return await doing;
  } catch (cause) {
    if ((cause as { code?: string }).code === 'ENOENT') return undefined;
    throw cause;
  }
};

/** What lies directly in a folder; nothing where there is no such folder. */
export async function entriesOf(folder: string): Promise<readonly Dirent[]> {
  return (await unlessGone(readdir(folder, { withFileTypes: true }))) ?? [];
}

/** Undefined where it is not there (any more). */
export function factsOf(path: string): Promise<Stats | undefined> {
  return unlessGone(stat(path));
}

/** Bytes of all files in a folder, and when anything of it was last written, in epoch milliseconds. */
export async function folderFacts(folder: string): Promise<{ sizeBytes: number; writtenAt: number }> {
  let sizeBytes = 0;
  let writtenAt = (await factsOf(folder))?.mtimeMs ?? 0;
  for (const name of (await unlessGone(readdir(folder, { recursive: true }))) ?? []) {
    const facts = await factsOf(join(folder, name));
    if (!facts) continue;
    if (facts.isFile()) sizeBytes += facts.size;
    writtenAt = Math.max(writtenAt, facts.mtimeMs);
  }
  return { sizeBytes, writtenAt };
}
