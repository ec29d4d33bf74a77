import { mkdtemp, readdir, readFile, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { publishDirectory, sweepDrafts, writeFileAtomic } from '../../src/core/atomic-files.js';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'kindred-atomic-'));
});

describe('atomic files', () => {
  it('replaces a file whole', async () => {
    await writeFileAtomic(join(folder, 'a.json'), 'old');
    await writeFileAtomic(join(folder, 'a.json'), 'new');

    expect(await readFile(join(folder, 'a.json'), 'utf8')).toBe('new');
    expect(await readdir(folder)).toEqual(['a.json']);
  });

  it('publishes a directory with all that was put into it', async () => {
    await publishDirectory(folder, 'm1', async (draft) => writeFile(join(draft, 'x'), '1'));

    expect(await readdir(join(folder, 'm1'))).toEqual(['x']);
  });

  it('leaves nothing where filling fails, or where it may no longer publish', async () => {
    const full = publishDirectory(folder, 'm1', async () => {
      throw new Error('no room');
    });
    await expect(full).rejects.toThrow('no room');
    const late = publishDirectory(
      folder,
      'm1',
      async (draft) => writeFile(join(draft, 'x'), '1'),
      async () => {
        throw new Error('claim lost');
      },
    );
    await expect(late).rejects.toThrow('claim lost');

    expect(await readdir(folder)).toEqual([]);
  });

  it('never overwrites what is published', async () => {
    await publishDirectory(folder, 'm1', async (draft) => writeFile(join(draft, 'x'), 'first'));
    const second = publishDirectory(folder, 'm1', async (draft) => writeFile(join(draft, 'x'), 'second'));

    await expect(second).rejects.toThrow(/EEXIST|ENOTEMPTY/);
    expect(await readFile(join(folder, 'm1', 'x'), 'utf8')).toBe('first');
    expect(await readdir(folder)).toEqual(['m1']);
  });

  it('sweeps what a killed process left', async () => {
    await writeFile(join(folder, '.draft-m2-abc'), 'half');
    await writeFile(join(folder, 'kept'), 'whole');

    expect(await sweepDrafts(folder)).toBe(1);
    expect(await readdir(folder)).toEqual(['kept']);
  });
});
