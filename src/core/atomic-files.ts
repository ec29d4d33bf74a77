import { randomBytes } from 'node:crypto';
import { mkdir, open, readdir, rename, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';

/** Every draft starts with this, so that a start can sweep away what a killed process left. */
export const DRAFT_PREFIX = '.draft-';

/** Flushes a file or a directory to disk. */
export async function flush(path: string): Promise<void> {
  const handle = await open(path, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** Writes a file whole or not at all: a draft beside it is flushed, then renamed over it. */
export async function writeFileAtomic(path: string, content: Uint8Array | string): Promise<void> {
  const folder = dirname(path);
  await mkdir(folder, { recursive: true });
  const draft = join(folder, `${DRAFT_PREFIX}${basename(path)}-${randomBytes(6).toString('hex')}`);
  try {
    const handle = await open(draft, 'wx');
    try {
      await handle.writeFile(content);
      await handle.sync();
    } finally {
      await handle.close();
    }
    await rename(draft, path);
  } catch (cause) {
    await rm(draft, { force: true });
    throw cause;
  }
  await flush(folder);
}

/**
 * Publishes a directory whole or not at all: it is filled under a draft name, flushed, and renamed once. It never
 * changes again. `allowed` is asked just before the rename, so that a worker that has lost its claim publishes nothing.
 * Throws what `fill` throws, and an EEXIST or ENOTEMPTY error where `id` is already there; the draft is then removed.
 */
export async function publishDirectory(
  root: string,
  id: string,
  fill: (draft: string) => Promise<void>,
  allowed: () => Promise<void> = async () => {},
): Promise<string> {
  await mkdir(root, { recursive: true });
  const draft = join(root, `${DRAFT_PREFIX}${id}-${randomBytes(6).toString('hex')}`);
  const target = join(root, id);
  try {
    await mkdir(draft);
    await fill(draft);
    for (const name of await readdir(draft, { recursive: true })) await flush(join(draft, name));
    await flush(draft);
    await allowed();
    await rename(draft, target);
  } catch (cause) {
    await rm(draft, { recursive: true, force: true });
    throw cause;
  }
  await flush(root);
  return target;
}

/** Removes drafts that a killed process left in a folder. Only call where nobody else may be publishing. */
export async function sweepDrafts(root: string): Promise<number> {
  const names = await readdir(root).catch(() => []);
  const drafts = names.filter((name) => name.startsWith(DRAFT_PREFIX));
  for (const name of drafts) await rm(join(root, name), { recursive: true, force: true });
  return drafts.length;
}
