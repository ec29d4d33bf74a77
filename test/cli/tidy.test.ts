import { randomUUID } from 'node:crypto';
import { afterEach, describe, expect, it } from 'vitest';
import { openStores } from '../../src/app/stores.js';
import { startJobWorkers } from '../../src/cli/job-workers.js';
import { openWorld } from '../../src/cli/world.js';
import { freshHome } from '../app/drawings-folder.js';
import { runKindred } from './run-kindred.js';

const closers: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
});

/** A home with one item and one picture that nobody refers to, stored two days ago. */
async function homeToTidy() {
  const home = await freshHome();
  const world = openWorld({ ...home.environment, KINDRED_LOG_LEVEL: 'silent' });
  const early = await openStores({ ...world, now: () => Date.now() - 48 * 3_600_000 });
  const nobodys = await early.blobs.put(Buffer.from('nobody’s'));
  await early.blobs.put(Buffer.from('nobody’s')); // what was new has the system's time; what is put again has ours
  await early.catalogue.items.put('default', [{ itemId: 'a', attributes: {} }]);
  await early.close();
  const stores = await openStores(world);
  closers.push(() => stores.close());
  return { ...home, world, stores, nobodys };
}

describe('kindred tidy', { timeout: 60_000 }, () => {
  it('says what would go, then takes it away, for people and as JSON', async () => {
    const { stores, nobodys, environment } = await homeToTidy();
    const dry = await runKindred(['tidy', '--dry-run'], { environment });
    expect(dry).toMatchObject({ code: 0, stdout: expect.stringMatching(/\b1 {2}pictures to the trash\n/) });
    expect(dry.stdout).toContain('Nothing was changed.');
    expect(await stores.blobs.upkeep.about(nobodys, 'trash')).toBeUndefined();

    const done = await runKindred(['tidy', '--json'], { environment });
    expect(done).toMatchObject({ code: 0 });
    expect(JSON.parse(done.stdout)).toEqual({
      dryRun: false,
      releases: 0,
      indexes: 0,
      embeddings: 0,
      pictures: { trashed: 1, restored: 0, deleted: 0 },
      events: 0,
      behaviours: 0,
      jobs: 0,
      compacted: 0,
      preparedPixels: 0,
      checkpoints: 0,
      freedBytes: 0,
      failed: [],
    });
    expect(await stores.blobs.upkeep.about(nobodys, 'trash')).toBeDefined();
  });

  it('runs as a job in a process of its own', async () => {
    const { stores, nobodys, world } = await homeToTidy();
    const workers = startJobWorkers({ ...world, newId: randomUUID }, stores);
    closers.push(() => workers.close());
    const { jobs } = stores.catalogue;
    const { job } = await jobs.enqueue({ kind: 'tidy', collection: 'default', input: {} });

    await expect.poll(async () => (await jobs.get(job.jobId))?.state, { timeout: 30_000 }).toBe('succeeded');
    expect((await jobs.get(job.jobId))?.result).toMatchObject({ pictures: { trashed: 1 }, failed: [] });
    expect(await stores.blobs.upkeep.about(nobodys, 'trash')).toBeDefined();
  });

  it('has help with an example', async () => {
    const { code, stdout } = await runKindred(['tidy', '--help']);

    expect(code).toBe(0);
    expect(stdout).toContain('$ kindred tidy --dry-run');
  });
});
