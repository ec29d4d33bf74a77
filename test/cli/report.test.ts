import { mkdtemp, readFile, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { drawingsFolder, freshHome } from '../app/drawings-folder.js';
import { sortedDrawings } from '../app/sorted-drawings.js';
import { SHIPPED } from '../shipped-model.js';
import { runKindred } from './run-kindred.js';

const TINY = ['--size', '16', '--batch', '16', '--steps', '4'];
/** Two megabytes: what can be mailed. */
const MOST_BYTES = 2e6;

let folder: string;
let home: Awaited<ReturnType<typeof freshHome>>;
let out: string;
beforeAll(async () => {
  folder = await drawingsFolder(24);
  home = await freshHome();
  out = join(await mkdtemp(join(tmpdir(), 'kindred-report-')), 'report.html');
});

describe('kindred models report', () => {
  it('writes the report that was published with a model', async () => {
    const trained = await runKindred(['train', folder, ...TINY, '--only-model'], home);
    const modelId = trained.stdout.trim();

    const { code, stdout } = await runKindred(['models', 'report', modelId, '--out', out], home);

    expect({ code, stdout: stdout.trim() }).toEqual({ code: 0, stdout: out });
    const page = await readFile(out, 'utf8');
    expect(page).toBe(await readFile(join(home.models, modelId, 'report.html'), 'utf8'));
    expect(page).toContain(`<h1>${modelId}</h1>`);
    expect(page).toContain('The same network before training');
    expect(page).toContain('How training went');
  });

  it('makes one of any model on any pictures', async () => {
    const { code, stderr } = await runKindred(['models', 'report', SHIPPED, folder, '--out', out], home);

    expect({ code, stderr }).toMatchObject({ code: 0 });
    expect(await readFile(out, 'utf8')).toContain(`folder ${folder}: 24 pictures`);
    expect((await stat(out)).size).toBeLessThan(MOST_BYTES);
  });

  it('judges it by labels too, where pictures are sorted', async () => {
    const sorted = await sortedDrawings(['flags', 'food-drink'], 8);
    const args = ['models', 'report', SHIPPED, sorted, '--label', 'folder', '--out', out];
    expect(await runKindred(args, home)).toMatchObject({ code: 0 });

    const page = await readFile(out, 'utf8');
    expect(page).toContain('sorted 16 pictures into 2 kinds');
    expect(page.match(/<table class="judged">[\s\S]*?<\/table>/)![0].match(/<tr/g)).toHaveLength(7);
  });

  it('wants pictures where labels are named', async () => {
    const { code, stderr } = await runKindred(['models', 'report', SHIPPED, '--label', 'folder'], home);

    expect(code).toBe(1);
    expect(stderr).toContain('name their SOURCE too');
  });

  it('says what to do where a model has none', async () => {
    const { code, stderr } = await runKindred(['models', 'report', SHIPPED, '--out', out], home);

    expect(code).toBe(1);
    expect(stderr).toContain(`kindred models report ${SHIPPED} SOURCE`);
  });
});
