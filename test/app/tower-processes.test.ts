import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import { createLearnTower } from '../../src/app/learn-tower.js';
import { createTowerProcesses } from '../../src/app/tower-processes.js';
import { readConfig } from '../../src/config.js';
import { Random } from '../../src/core/random.js';
import { startChild } from '../../src/core/start-process.js';
import { unit } from '../../src/core/vectors.js';
import { circleRows, historiesOf } from '../recommend/behaviour/small-histories.js';

const environment = { config: readConfig({}) };
const learn = createTowerProcesses(environment);
const log = (seed: number) => historiesOf(circleRows(80, 20, 8, seed), 20);

/** Ids of the processes that learn for one. */
async function learning(whom = process.pid): Promise<number[]> {
  const { stdout } = await promisify(execFile)('ps', ['-A', '-o', 'pid=,ppid=,args=']);
  return stdout.split('\n').flatMap((line) => {
    const [pid, parent] = line.trim().split(/\s+/).map(Number);
    return parent === whom && line.includes('tower-process') ? [pid!] : [];
  });
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

describe('a process that learns a tower', () => {
  it('learns the same as this process does, several at the same time', async () => {
    const random = new Random(5);
    const values = Float32Array.from(
      Array.from({ length: 20 }, () => [...unit(Array.from({ length: 6 }, () => random.normal()))]).flat(),
    );
    const embeddings = { dimension: 6, values };
    const said: number[] = [];

    const found = await Promise.all([
      learn(log(1), { embeddings, progress: ({ done }) => said.push(done) }),
      learn(log(2), {}),
    ]);

    const alone = createLearnTower(environment);
    expect(found).toEqual([await alone(log(1), { embeddings }), await alone(log(2), {})]);
    expect(said).toEqual([...Array.from({ length: 12 }, (_, i) => 20 * (i + 1))]);
    expect(await learning()).toEqual([]);
  });

  it('is gone once it is cancelled', async () => {
    const stop = new AbortController();
    const work = learn(log(1), { signal: stop.signal });
    const ended = expect(work).rejects.toMatchObject({ code: 'CANCELLED' });
    await expect.poll(learning).toHaveLength(1);

    stop.abort();

    await ended;
    expect(await learning()).toEqual([]);
    await expect(learn(log(1), { signal: stop.signal })).rejects.toMatchObject({ code: 'CANCELLED' });
  });

  it('that is killed is a failure that says so', async () => {
    const work = learn(log(1), {});
    const ended = expect(work).rejects.toMatchObject({
      code: 'LEARNING_STOPPED',
      message: expect.stringContaining('was ended by SIGKILL'),
      remedy: expect.stringContaining('KINDRED_THREADS=1'),
    });
    await expect.poll(learning).toHaveLength(1);

    for (const pid of await learning()) process.kill(pid, 'SIGKILL');

    await ended;
  });

  it('ends with the one it learns for', async () => {
    const parent = startChild(new URL('./learning-process.ts', import.meta.url));
    const ended = once(parent, 'close');
    await expect.poll(() => learning(parent.pid), { timeout: 20_000 }).toHaveLength(2);
    const pids = await learning(parent.pid);

    parent.kill('SIGKILL');

    await ended;
    const alive = () => pids.filter((pid) => isAlive(pid));
    await expect.poll(alive, { timeout: 10_000 }).toEqual([]);
  });

  it('hands on why it could not learn', async () => {
    const config = { ...environment.config, KINDRED_ENGINE: 'onnx', KINDRED_DEVICE: 'cuda' } as const;
    await expect(createTowerProcesses({ config })(log(1), {})).rejects.toMatchObject({ code: 'ENGINE_UNAVAILABLE' });
  });
});
