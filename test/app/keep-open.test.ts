import { expect, it } from 'vitest';
import { keepOpen } from '../../src/app/keep-open.js';

/** Things that note when they are opened and closed. */
function noting() {
  const notes: string[] = [];
  const open = async (name: string) => {
    notes.push(`open ${name}`);
    if (name === 'broken') throw new Error('broken');
    return {
      name,
      close: async () => {
        notes.push(`close ${name}`);
      },
    };
  };
  return { notes, open };
}
const nameOf = async ({ name }: { name: string }) => name;

it('opens once what is asked for again, and closes what was asked for longest ago', async () => {
  const { notes, open } = noting();
  const kept = keepOpen(open, 2);

  expect(await Promise.all([kept.use('a', nameOf), kept.use('a', nameOf)])).toEqual(['a', 'a']);
  await kept.use('b', nameOf);
  await kept.use('a', nameOf);
  await kept.use('c', nameOf);
  await kept.close();

  expect(notes).toEqual(['open a', 'open b', 'open c', 'close b', 'close a', 'close c']);
});

it('closes nothing that is in use', async () => {
  const { notes, open } = noting();
  const kept = keepOpen(open, 1);
  let finish = () => {};
  const slow = kept.use('a', async () => {
    await new Promise<void>((resolve) => {
      finish = resolve;
    });
    notes.push('used a');
  });
  await kept.use('b', nameOf);
  const closed = kept.close();
  expect(notes).not.toContain('close a');

  finish();
  await Promise.all([slow, closed]);

  expect(notes.indexOf('close a')).toBeGreaterThan(notes.indexOf('used a'));
});

it('tries again what could not be opened', async () => {
  const { notes, open } = noting();
  const kept = keepOpen(open, 2);

  await expect(kept.use('broken', nameOf)).rejects.toThrow('broken');
  await expect(kept.use('broken', nameOf)).rejects.toThrow('broken');
  await kept.close();

  expect(notes).toEqual(['open broken', 'open broken']);
});
