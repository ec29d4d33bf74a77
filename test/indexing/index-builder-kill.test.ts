import { once } from 'node:events';
import { readdir } from 'node:fs/promises';
import { expect, it } from 'vitest';
import { DRAFT_PREFIX, sweepDrafts } from '../../src/core/atomic-files.js';
import { startChild } from '../../src/core/start-process.js';
import { seededVectors } from '../contracts/vector-store.contract.js';
import { SmallWorld } from './small-world.js';

it('leaves a draft that nobody takes for an index where its process is killed just before it publishes', async () => {
  const world = await SmallWorld.make();
  const catalogue = await world.catalogue();
  await catalogue.collections.put('v', { encoder: 'none', dimension: 8 });
  const writes = seededVectors(100, 8).map((vector, i) => {
    const itemId = `i${i}`;
    return { itemId, embeddings: [{ itemId, content: 'vector', modelId: 'none', vector }] };
  });
  await catalogue.items.put('v', writes);

  const child = startChild(new URL('./build-child.ts', import.meta.url), [world.folder, world.indexesFolder]);
  expect((await once(child, 'message'))[0]).toBe('about to publish');
  child.kill('SIGKILL');
  await once(child, 'exit');

  const left = await readdir(world.indexesFolder);
  expect(left.map((name) => name.startsWith(`${DRAFT_PREFIX}killed`))).toEqual([true]);
  expect(await sweepDrafts(world.indexesFolder)).toBe(1);
  const built = await world.build(catalogue, { collection: 'v', modelId: 'none', indexId: 'killed' });
  expect(built.count).toBe(100);
  await world.end();
});
