import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { noLog } from '../../../src/core/log.js';
import { rowProducts } from '../../../src/evaluation/row-products.js';
import { publishBehaviour } from '../../../src/recommend/behaviour/behaviour-files.js';
import { openLiveBehaviours } from '../../../src/recommend/behaviour/live-behaviour.js';
import { at, smallIndex } from '../small-world.js';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'kindred-behaviour-'));
  for (const behaviourId of ['first', 'second', 'broken'])
    await publishBehaviour(
      folder,
      { behaviourId, collection: 'default', createdAt: '', place: 1, events: 2, people: 1, kindWeights: {} },
      {
        itemIds: ['a', 'b'],
        blend: { weights: { popularity: 1, content: 1 }, learnt: false },
        parts: new Map([['popularity', { scores: Float32Array.of(1, 2) }]]),
      },
      async () => {},
    );
  await writeFile(join(folder, 'broken', 'items.json'), '[]');
});
afterAll(() => rm(folder, { recursive: true }));

const world = smallIndex([
  { itemId: 'a', vector: at(0) },
  { itemId: 'b', vector: at(90) },
]);
const release = (releaseId: string, behaviourId: string | null, indexId = 'index-1') => ({
  ...world,
  ...{ releaseId, behaviourId, indexId },
});
const open = () => openLiveBehaviours({ folder, log: noLog, products: rowProducts });

describe('the behaviour model of a release', () => {
  it('takes over once it is read; until then the one before answers', async () => {
    const live = open();
    const first = await live.of(release('r1', 'first'));
    expect(first?.model.behaviourId).toBe('first');
    expect(await live.of(release('r1', 'first'))).toBe(first);

    const next = release('r2', 'second');
    expect(await live.of(next)).toBe(first);
    await expect.poll(async () => (await live.of(next))?.model.behaviourId).toBe('second');
  });

  it('is not read again for another index, whose items it is then asked about', async () => {
    const live = open();
    const first = await live.of(release('r1', 'first'));
    const next = release('r2', 'first', 'index-2');
    expect(await live.of(next)).toBe(first);
    await expect.poll(() => live.of(next)).not.toBe(first);
    expect((await live.of(next))?.model).toBe(first?.model);
  });

  it('is waited for where both index and model are others, and null where it can not be used', async () => {
    const live = open();
    await live.of(release('r1', 'first'));
    expect((await live.of(release('r2', 'second', 'index-2')))?.model.behaviourId).toBe('second');
    const broken = release('r3', 'broken', 'index-2');
    expect((await live.of(broken))?.model.behaviourId).toBe('second');
    await expect.poll(() => live.of(broken)).toBeNull();
    expect(await live.of(release('r4', null))).toBeNull();
    expect((await live.of(release('r1', 'first')))?.model.behaviourId).toBe('first');
  });
});
