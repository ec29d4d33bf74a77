import { expect, it } from 'vitest';
import { freshHome } from '../app/drawings-folder.js';
import { runKindred } from './run-kindred.js';

it('a table that goes into a pipe is plain text', async () => {
  const home = await freshHome();
  const environment = { ...home.environment, CI: '', FORCE_COLOR: '' };
  const { code, stdout } = await runKindred(['models'], { environment });

  expect(code).toBe(0);
  expect(stdout).toContain('│ model');
  expect(stdout).not.toContain('\u001b');
}, 60_000);
