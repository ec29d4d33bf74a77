import { createHash } from 'node:crypto';
import { mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const SOURCE = join(ROOT, 'src');
const BUILT = join(ROOT, '.built');
/** What the files there were made from: SHA-256 of each source, and of what they were made with, under ''. */
const RECORD = join(BUILT, 'record.json');
const OPTIONS: ts.CompilerOptions = {
  target: ts.ScriptTarget.ES2023,
  module: ts.ModuleKind.ESNext,
  verbatimModuleSyntax: true,
  isolatedModules: true,
};

/** The entry of the program that tests start in processes of their own. */
export const BUILT_ENTRY = new URL('../.built/cli/main.js', import.meta.url);

const hash = (text: string): string => createHash('sha256').update(text).digest('hex');

/** Whole or not at all: another run may build, or start the program, at the same time. */
async function put(path: string, text: string): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  const draft = `${path}.${process.pid}`;
  await writeFile(draft, text);
  await rename(draft, path);
}

/**
 * Before any test: the sources as JavaScript, file by file, made anew only where a source has changed. From source, each
 * process of the program and each of its threads would compile them for itself, which takes most of the time of a test that
 * starts some. Types are for `tsc`; the page is not part of it.
 */
export async function setup(): Promise<void> {
  const record: Record<string, string> = JSON.parse(await readFile(RECORD, 'utf8').catch(() => '{}'));
  const made: Record<string, string> = { '': hash(JSON.stringify([OPTIONS, ts.version])) };
  const same = record[''] === made[''];
  const all = await readdir(SOURCE, { recursive: true });
  const files = all.filter((file) => file.endsWith('.ts') && !file.endsWith('.d.ts') && !file.startsWith('web'));
  for (const file of files) {
    const text = await readFile(join(SOURCE, file), 'utf8');
    made[file] = hash(text);
    if (same && record[file] === made[file]) continue;
    const { outputText } = ts.transpileModule(text, { compilerOptions: OPTIONS, fileName: file });
    await put(join(BUILT, file.replace(/\.ts$/, '.js')), outputText);
  }
  for (const gone of Object.keys(record).filter((file) => !(file in made)))
    await rm(join(BUILT, gone.replace(/\.ts$/, '.js')), { force: true });
  await put(RECORD, JSON.stringify(made));
}
