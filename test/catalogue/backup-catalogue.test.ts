import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { backupCatalogue } from '../../src/catalogue/backup-catalogue.js';
import { openCatalogue } from '../../src/catalogue/open-catalogue.js';

const root = mkdtempSync(join(tmpdir(), 'kindred-backup-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));
const open = (dataFolder: string) => openCatalogue({ dataFolder, now: () => 1, ids: () => 'id' });

describe('backupCatalogue', () => {
  it('copies one moment of a catalogue that is being written to, and the copy opens elsewhere', async () => {
    const catalogue = await open(join(root, 'a'));
    const puts = Array.from({ length: 100 }, (_, i) => catalogue.items.put('default', [{ itemId: `i${i}` }]));
    await puts[10];

    await backupCatalogue(join(root, 'a'), join(root, 'b'));
    await Promise.all(puts);
    await catalogue.close();

    expect(readdirSync(join(root, 'b'))).toEqual(['catalogue.sqlite']);
    const copy = await open(join(root, 'b'));
    const count = await copy.items.count('default');
    expect(count).toBeGreaterThan(10);
    expect(await copy.log.revision('default')).toBe(count);
    expect((await copy.items.list('default', { limit: 1_000 })).rows).toHaveLength(count);
    await copy.close();
  });

  it('says so where there is nothing to copy', async () => {
    await expect(backupCatalogue(join(root, 'nowhere'), join(root, 'c'))).rejects.toMatchObject({
      code: 'CATALOGUE_UNAVAILABLE',
    });
  });
});
