import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { killedTraining, type Moment } from '../../bench/killed-training.js';
import { drawingsFolder } from './drawings-folder.js';

let root: string;
let pictures: string;
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'kindred-killed-'));
  pictures = await drawingsFolder(40);
});
afterAll(() => rm(root, { recursive: true }));

/** `npm run drill:resume` does this twenty times, at random moments. */
it('a training that is killed again and again ends with the weights of one that was left alone', {
  timeout: 240_000,
}, async () => {
  const args = ['--size', '16', '--width', '0.25', '--batch', '16'];
  const train = (name: string, moments: readonly Moment[]) =>
    killedTraining({ pictures, folder: join(root, name), steps: 300, args }, moments);

  const whole = await train('whole', []);
  const killed = await train('killed', [
    { since: 'first step', milliseconds: 400 },
    { since: 'first step', milliseconds: 250 },
    { since: 'start', milliseconds: 600 },
  ]);

  expect(whole.kills).toBe(0);
  expect(killed.kills).toBeGreaterThan(1);
  expect(killed.resumedAt[0]).toBeGreaterThan(0);
  expect(killed.parameters).toBe(whole.parameters);
  expect(killed.encoder).toBe(whole.encoder);
});
