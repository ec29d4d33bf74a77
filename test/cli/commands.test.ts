import { copyFile, mkdir, mkdtemp, readdir, readFile, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { COMMANDS } from '../../src/cli/commands/index.js';
import { Config } from '../../src/config.js';
import { drawingsFolder, freshHome } from '../app/drawings-folder.js';
import { SHIPPED } from '../shipped-model.js';
import { runKindred } from './run-kindred.js';

const TINY = ['--size', '16', '--batch', '16'];

let folder: string;
beforeAll(async () => {
  folder = await drawingsFolder(40);
});

describe('the command line', () => {
  it('teaches with --help, an example in it, for every command', async () => {
    const { stdout, code } = await runKindred(['--help']);
    expect(code).toBe(0);
    expect(stdout).toContain('kindred train ./pictures');

    const { Command } = await import('commander');
    for (const [name, load] of Object.entries(COMMANDS)) {
      const program = new Command();
      (await load())(program);
      const command = program.commands[0]!;
      expect(command.name()).toBe(name);
      expect(stdout).toContain(`\n  ${name} `);
      expect(command.description(), command.name()).toMatch(/\.$/);
    }
  });

  it('shows the help of one command, and names the nearest where there is none', async () => {
    const keys = await runKindred(['keys', '--help']);
    const wrong = await runKindred(['key']);

    expect(keys).toMatchObject({ code: 0, stdout: expect.stringContaining('Usage: kindred keys') });
    expect(wrong).toMatchObject({ code: 1, stderr: expect.stringContaining('Did you mean keys?') });
  });

  it('lists every setting with --help settings', async () => {
    const { stdout } = await runKindred(['--help', 'settings']);

    for (const name of Object.keys(Config.shape)) expect(stdout).toContain(name);
  });

  it('says what is wrong with settings, and how to find out more', async () => {
    const { code, stderr } = await runKindred(['models'], { environment: { KINDRED_PORT: 'many' } });

    expect(code).toBe(1);
    expect(stderr).toContain('KINDRED_PORT');
    expect(stderr).toContain('kindred --help settings');
  });

  it('says with --json what failed, as JSON', async () => {
    const home = await freshHome();
    const { code, stdout } = await runKindred(['models', 'nothing', '--json'], home);

    expect(code).toBe(1);
    expect(JSON.parse(stdout)).toMatchObject({ error: { code: 'MODEL_NOT_FOUND' } });
  });

  it.each([
    ['a folder that is not there', ['train', '/nowhere/at/all'], 'SOURCE_UNUSABLE'],
    ['a size that is none', ['train', '.', '--size', 'big'], 'SETTINGS_INVALID'],
    ['minutes that are none', ['train', '.', '--minutes', '-3'], 'SETTINGS_INVALID'],
    ['views that are no JSON', ['train', '.', '--views', 'flip'], 'SETTINGS_INVALID'],
  ])('refuses %s before it does anything', async (_what, args, code) => {
    const home = await freshHome();
    const ran = await runKindred([...args, '--json'], home);

    expect(ran.code).toBe(1);
    expect(JSON.parse(ran.stdout)).toMatchObject({ error: { code } });
  });

  it('refuses a folder without pictures, and says how many it needs', async () => {
    const empty = await mkdtemp(join(tmpdir(), 'kindred-empty-'));
    await writeFile(join(empty, 'note.txt'), 'no picture');
    const home = await freshHome();
    const { code, stdout } = await runKindred(['train', empty, '--steps', '2', '--json'], home);

    expect(code).toBe(1);
    expect(JSON.parse(stdout)).toMatchObject({
      error: { code: expect.stringMatching(/TOO_FEW_SAMPLES|SOURCE_UNUSABLE/) },
    });
  });

  it('embeds files in the order given, and names the one it can’t read', async () => {
    const home = await freshHome();
    const trained = await runKindred(['train', folder, '--steps', '2', ...TINY, '--only-model', '--json'], home);
    expect(trained).toMatchObject({ code: 0 });
    const { modelId } = JSON.parse(trained.stdout) as { modelId: string };
    const files = (await readdir(folder))
      .filter((name) => name.endsWith('.webp'))
      .slice(0, 2)
      .map((name) => join(folder, name));

    const ran = await runKindred(['embed', files[0]!, join(folder, 'broken.jpg'), files[1]!, '--model', modelId], home);
    const lines = ran.stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as { file: string; vector?: number[]; error?: { code: string } });

    expect(ran.code).toBe(1);
    expect(lines.map((line) => line.file)).toEqual([files[0], join(folder, 'broken.jpg'), files[1]]);
    expect(lines[1]!.error).toMatchObject({ code: 'PICTURE_UNREADABLE' });
    expect(Math.hypot(...lines[0]!.vector!)).toBeCloseTo(1, 4);
  });

  it('leaves a checkpoint on Ctrl-C from which --resume goes on', { timeout: 180_000 }, async () => {
    const home = await freshHome();
    const cut = await runKindred(['train', folder, '--steps', '400', ...TINY, '--only-model'], {
      ...home,
      interruptAfter: /training: [1-9]/,
    });
    expect(cut.code).toBe(130);
    expect(cut.stderr).toContain('--resume');
    expect((await readdir(join(home.data, 'checkpoints'), { recursive: true })).length).toBeGreaterThan(1);
    expect(await readdir(home.models).catch(() => [])).toEqual([]);

    const resumed = await runKindred(
      ['train', folder, '--steps', '400', ...TINY, '--only-model', '--resume', '--json'],
      home,
    );
    expect(resumed).toMatchObject({ code: 0 });
    expect(await readdir(home.models)).toHaveLength(1);
  });

  it('takes no step again where Ctrl-C came after the last one, and says what is left once the model stands', {
    timeout: 180_000,
  }, async () => {
    const home = await freshHome();
    const train = ['train', folder, '--steps', '4', ...TINY];
    const unpublished = await runKindred(train, { ...home, interruptAfter: /report: [1-9]/ });
    expect(unpublished).toMatchObject({ code: 130, stderr: expect.stringContaining('--resume') });
    expect(await readdir(home.models)).toEqual([]);

    const published = await runKindred([...train, '--resume'], { ...home, interruptAfter: /^Model .* dimension/m });
    const [modelId] = await readdir(home.models);
    expect(published.code).toBe(130);
    expect(published.stderr).not.toContain('training: ');
    expect(published.stderr).toContain(`kindred index --collection default --model ${modelId}`);
    expect(await readdir(join(home.data, 'checkpoints'))).toEqual([]);

    expect(await runKindred(['items', 'import', folder], home)).toMatchObject({ code: 0 });
    expect(await runKindred(['index', '--model', modelId!], home)).toMatchObject({ code: 0 });
  });

  it('makes, lists and revokes keys, and shows a secret once', async () => {
    const home = await freshHome();
    const made = await runKindred(['keys', 'create', '--name', 'shop', '--scopes', 'search,write', '--json'], home);
    const { keyId, secret } = JSON.parse(made.stdout) as { keyId: string; secret: string };
    const listed = await runKindred(['keys', 'list', '--json'], home);

    expect(secret).toMatch(/^kin_/);
    expect(listed.stdout).toContain(keyId);
    expect(listed.stdout).not.toContain(secret);
    expect(await runKindred(['keys', 'revoke', keyId], home)).toMatchObject({ code: 0 });
    expect(await runKindred(['keys', 'revoke', 'none'], home)).toMatchObject({ code: 1 });
    expect(await readFile(join(home.data, 'catalogue.sqlite'), 'latin1')).not.toContain(secret);
  });

  it('refuses to serve the network without a key', async () => {
    const home = await freshHome();
    const { code, stderr } = await runKindred(['serve', '--host', '0.0.0.0', '--port', '0'], home);

    expect(code).toBe(1);
    expect(stderr).toContain('KINDRED_ADMIN_KEY');
  });

  it('says which engines work here', async () => {
    const home = await freshHome();
    const { stdout, code } = await runKindred(['doctor', '--json'], home);

    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ ok: true });
    expect(stdout).toContain('engine onnx');
    expect(JSON.parse(stdout).findings).toContainEqual(expect.objectContaining({ what: 'sqlite', ok: true }));
  });

  it('judges the model that ships on a folder of folders, beside pixels', async () => {
    const sorted = await mkdtemp(join(tmpdir(), 'sorted-'));
    const files = (await readdir(folder)).filter((file) => file.endsWith('.webp')).slice(0, 12);
    for (const [i, file] of files.entries()) {
      await mkdir(join(sorted, i % 2 === 0 ? 'even' : 'odd'), { recursive: true });
      await copyFile(join(folder, file), join(sorted, i % 2 === 0 ? 'even' : 'odd', file));
    }
    const home = await freshHome();
    const { code, stdout } = await runKindred(['evaluate', sorted, '--json'], home);

    expect(code).toBe(0);
    const { pictures, labels, rows } = JSON.parse(stdout) as {
      pictures: number;
      labels: number;
      rows: { what: string; kind: string; recallAt1: { mean: number } }[];
    };
    expect([pictures, labels]).toEqual([12, 2]);
    expect(rows.map(({ kind }) => kind)).toEqual(['model', 'untrained', 'pixels', 'pixels', 'pixels', 'pixels']);
    expect(rows.map(({ what }) => what)).toEqual(expect.arrayContaining([`untrained ${SHIPPED}`, 'whitened-pixels']));

    const flat = await runKindred(['evaluate', folder, '--json'], home);
    expect(flat.code).toBe(1);
    expect(JSON.parse(flat.stdout)).toMatchObject({ error: { code: 'EVALUATION_IMPOSSIBLE' } });
  });
});
