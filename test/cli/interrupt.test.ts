import { spawn } from 'node:child_process';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { drawingsFolder, freshHome } from '../app/drawings-folder.js';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
/** Steps of a tenth of a second and more, in which the program listens to nothing. */
const LONG_STEPS = ['--batch', '128', '--steps', '400', '--only-model'];

/** As in a terminal: npm, what it starts and what that starts are one group, and Ctrl-C goes to all of them. */
function runInGroup(args: readonly string[], environment: Readonly<Record<string, string>>) {
  const npm = spawn('npm', ['run', '-s', 'kindred', '--', ...args], {
    cwd: ROOT,
    env: { ...process.env, ...environment },
    stdio: ['ignore', 'ignore', 'pipe'],
    detached: true,
  });
  const ended = new Promise<NodeJS.Signals | null>((resolve) => npm.once('close', (_, signal) => resolve(signal)));
  return { npm, ended, press: () => process.kill(-npm.pid!, 'SIGINT') };
}

it('is heard through npm in the middle of a long step, once, and leaves a checkpoint', {
  timeout: 120_000,
}, async () => {
  const home = await freshHome();
  const folder = await drawingsFolder(128);
  const { npm, ended, press } = runInGroup(['train', folder, ...LONG_STEPS], home.environment);
  let said = '';
  npm.stderr.on('data', (chunk: Buffer) => {
    const before = /training: [1-9]/.test(said);
    said += chunk.toString();
    if (before || !/training: [1-9]/.test(said)) return;
    // Newer shells put the program in their own place, and npm then tells it what the terminal has told it already.
    press();
    press();
  });

  expect(await ended).toBe('SIGINT');
  expect(said).toContain('--resume');
  const left = await readdir(join(home.data, 'checkpoints'), { recursive: true });
  expect(left.filter((name) => name.endsWith('training.checkpoint'))).toHaveLength(1);
  expect(left.filter((name) => name.includes('.draft-'))).toEqual([]);
});
