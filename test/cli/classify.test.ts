import { copyFile, mkdir, readdir, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { freshHome } from '../app/drawings-folder.js';
import { sortedDrawings } from '../app/sorted-drawings.js';
import { SHIPPED } from '../shipped-model.js';
import { runKindred } from './run-kindred.js';

const KINDS = ['animals-nature', 'flags', 'food-drink'];
/** Pictures of each kind that nothing is fitted on. */
const UNSEEN = 4;

let folder: string;
let file: string;
let unseen: { readonly path: string; readonly kind: string }[];
let home: Awaited<ReturnType<typeof freshHome>>;
beforeAll(async () => {
  home = await freshHome();
  folder = await sortedDrawings(KINDS, 24);
  file = join(home.data, 'kinds.onnx');
  const away = await sortedDrawings([], 0);
  unseen = [];
  for (const kind of KINDS)
    for (const name of (await readdir(join(folder, kind))).filter((_, at) => at % (24 / UNSEEN) === 0)) {
      await rename(join(folder, kind, name), join(away, name));
      unseen.push({ path: join(away, name), kind });
    }
});

describe('kindred classify', () => {
  it('learns labels from a folder of folders and names pictures it has not seen, with one file and nothing else', async () => {
    const fitted = await runKindred(['classify', 'fit', folder, '--out', file, '--json'], home);

    expect(fitted.code).toBe(0);
    const about = JSON.parse(fitted.stdout);
    expect(about).toMatchObject({ file, labels: KINDS, modelId: SHIPPED, preparation: { size: 48 } });
    expect(about.pixels.mean).toHaveLength(3);
    expect(about.fitted).toMatchObject({ pictures: 60, folds: 5, commonest: 1 / 3 });
    expect(about.fitted.accuracy.mean).toBeGreaterThan(0.7);
    expect(about.calibration.errorAfter).toBeLessThan(0.3);

    const broken = join(folder, 'broken.jpg');
    await writeFile(broken, 'this is no picture');
    const elsewhere = await freshHome();
    const paths = unseen.map(({ path }) => path);
    const named = await runKindred(['classify', 'run', file, ...paths, broken, '--json'], elsewhere);

    expect(named.code).toBe(1);
    const lines = named.stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(lines.map((line) => line.file)).toEqual([...paths, broken]);
    expect(lines.at(-1)).toMatchObject({ error: { code: 'PICTURE_UNREADABLE' } });
    const right = unseen.filter(({ kind }, at) => lines[at].label === kind).length;
    expect(right).toBeGreaterThanOrEqual(9);
    for (const { label, confidence, confidences } of lines.slice(0, -1)) {
      expect(confidences[label]).toBe(confidence);
      expect(Object.keys(confidences)).toEqual(KINDS);
      expect(Object.values<number>(confidences).reduce((a, b) => a + b)).toBeCloseTo(1, 4);
    }

    const told = await runKindred(['classify', 'run', file, paths[0]!], elsewhere);
    expect(told.code).toBe(0);
    expect(told.stdout).toMatch(/\.webp {2}(animals-nature|flags|food-drink) {2}[01]\.\d{3}\n$/);
  });

  it('looks whether pictures without labels help, and says so', async () => {
    const few = await sortedDrawings(KINDS, 4);
    const fit = ['classify', 'fit', few, '--unlabelled', folder, '--out', join(home.data, 'few.onnx')];

    const about = JSON.parse((await runKindred([...fit, '--json'], home)).stdout);
    expect(about.fitted).toMatchObject({ pictures: 12, unlabelled: 60, folds: 4 });

    const told = await runKindred(fit, home);
    expect(told.code).toBe(0);
    const others = about.fitted.spread ? /learnt from .*, and 60 others/ : /learnt from .* alone: with 60 others/;
    expect(told.stdout).toMatch(others);

    for (const [source, why] of [
      ['nowhere', /there is no nowhere/],
      [await sortedDrawings([], 0), /no picture in/],
    ] as const) {
      const refused = await runKindred(['classify', 'fit', few, '--unlabelled', source, '--out', file, '--json'], home);
      expect(JSON.parse(refused.stdout).error).toMatchObject({
        code: 'SOURCE_UNUSABLE',
        message: expect.stringMatching(why),
      });
    }
  });

  it('refuses labels that nothing can be learnt from', async () => {
    const one = await sortedDrawings(['flags'], 5);
    const alike = await runKindred(['classify', 'fit', one, '--out', file], home);
    expect(alike.code).toBe(1);
    expect(alike.stderr).toMatch(/all pictures are "flags"/);

    await mkdir(join(one, 'lonely'));
    await copyFile(unseen[0]!.path, join(one, 'lonely', 'it.webp'));
    const lonely = await runKindred(['classify', 'fit', one, '--out', file, '--json'], home);
    expect(JSON.parse(lonely.stdout).error).toMatchObject({ code: 'LABELS_UNUSABLE' });
    expect(JSON.parse(lonely.stdout).error.message).toMatch(/one picture only of "lonely"/);

    const none = await runKindred(['classify', 'fit', one, '--out', file, '--label', 'colour', '--json'], home);
    expect(JSON.parse(none.stdout).error.message).toMatch(/no picture has one/);
  });

  it('says where a file can not be written', async () => {
    const { code, stdout } = await runKindred(['classify', 'fit', folder, '--out', folder, '--json'], home);

    expect(code).toBe(1);
    expect(JSON.parse(stdout).error).toMatchObject({ code: 'OUTPUT_UNWRITABLE' });
  });

  it.each([
    ['a file that is not there', 'nothing.onnx', /there is no /],
    ['a picture', 'picture', /not an ONNX file|names no labels/],
    ['an encoder', `models/${SHIPPED}/encoder.onnx`, /names no labels/],
  ])('refuses %s as a classifier', async (_what, given, says) => {
    const path = given === 'picture' ? unseen[0]!.path : given;
    const { code, stdout } = await runKindred(['classify', 'run', path, unseen[0]!.path, '--json'], home);

    expect(code).toBe(1);
    expect(JSON.parse(stdout).error.code).toBe('CLASSIFIER_INVALID');
    expect(JSON.parse(stdout).error.message).toMatch(says);
  });
});
