import { readdirSync, readFileSync } from 'node:fs';
import { basename, dirname, join, relative, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';
import { describe, expect, it } from 'vitest';

const SRC = fileURLToPath(new URL('../../src', import.meta.url));

/**
 * Who may import whom at run time, in the order data flows (`src/README.md` has the drawing). `core`, `errors` and
 * `config` may be imported by everybody; types may be imported from the port files of anybody.
 */
const MAY_IMPORT: Record<string, readonly string[]> = {
  core: [],
  tensor: [],
  images: [],
  augment: ['images'],
  encoder: ['tensor'],
  training: ['tensor', 'encoder', 'evaluation'],
  evaluation: ['encoder'],
  registry: [],
  catalogue: [],
  jobs: ['catalogue'],
  store: [],
  indexing: ['encoder', 'registry', 'catalogue', 'store'],
  recommend: ['store', 'catalogue', 'indexing'],
  retraining: ['evaluation', 'registry', 'catalogue'],
  api: ['recommend', 'catalogue', 'indexing', 'store'],
  client: [],
  web: ['client'],
};
/** Whoever may import everything: the composition root and the commands. */
const ROOTS = ['cli', 'app.ts', 'app'];
const SHARED = ['core', 'errors.ts', 'config.ts'];

interface Import {
  readonly from: string;
  readonly to: string;
  readonly typeOnly: boolean;
}

const files = readdirSync(SRC, { recursive: true, encoding: 'utf8' })
  .filter((name) => /\.tsx?$/.test(name) && !name.endsWith('.d.ts'))
  .map((name) => name.split(sep).join('/'))
  .sort();

const parse = (file: string): ts.SourceFile =>
  ts.createSourceFile(file, readFileSync(join(SRC, file), 'utf8'), ts.ScriptTarget.ES2023, true);

function importsOf(file: string): Import[] {
  const found: Import[] = [];
  const visit = (node: ts.Node): void => {
    if ((ts.isImportDeclaration(node) || ts.isExportDeclaration(node)) && node.moduleSpecifier) {
      const clause = ts.isImportDeclaration(node) ? node.importClause : undefined;
      const named = clause?.namedBindings;
      const typeOnly = ts.isExportDeclaration(node)
        ? node.isTypeOnly
        : clause !== undefined &&
          (clause.isTypeOnly ||
            (!clause.name &&
              !!named &&
              ts.isNamedImports(named) &&
              named.elements.every((element) => element.isTypeOnly)));
      found.push({ from: file, to: (node.moduleSpecifier as ts.StringLiteral).text, typeOnly });
    }
    if (ts.isCallExpression(node) && node.expression.kind === ts.SyntaxKind.ImportKeyword && node.arguments[0]) {
      if (ts.isStringLiteral(node.arguments[0]))
        found.push({ from: file, to: node.arguments[0].text, typeOnly: false });
    }
    ts.forEachChild(node, visit);
  };
  visit(parse(file));
  return found;
}

const stageOf = (file: string): string => file.split('/')[0]!;
const resolve = (edge: Import): string =>
  relative(SRC, join(SRC, dirname(edge.from), edge.to))
    .split(sep)
    .join('/');
const all = files.flatMap(importsOf);
const inside = all.filter((edge) => edge.to.startsWith('.')).map((edge) => ({ ...edge, to: resolve(edge) }));

describe('the house', () => {
  it.each(files.filter((file) => !ROOTS.includes(stageOf(file)) && !SHARED.includes(file)))(
    '%s imports only what flows into it',
    (file) => {
      const stage = stageOf(file);
      const allowed = [stage, ...SHARED, 'errors.js', 'config.js', ...(MAY_IMPORT[stage] ?? [])];

      const wrong = inside.filter(
        (edge) => edge.from === file && !edge.typeOnly && !allowed.includes(stageOf(edge.to)),
      );

      expect(wrong.map((edge) => edge.to)).toEqual([]);
    },
  );

  it('lists every folder of src in the import table', () => {
    const folders = new Set(files.filter((file) => file.includes('/')).map(stageOf));
    folders.delete('cli');
    folders.delete('app');

    expect([...folders].filter((folder) => !(folder in MAY_IMPORT))).toEqual([]);
  });

  it.each([
    ['sharp', /^images\//],
    ['hnswlib-node', /^store\/hnsw-store\.ts$/],
    ['better-sqlite3', /^catalogue\//],
    ['pg', /^catalogue\//],
    ['express', /^api\//],
    ['@tensorflow/tfjs-node', /^tensor\//],
  ])('lets only one stage import %s', (name, where) => {
    const users = all.filter((edge) => edge.to === name && !edge.typeOnly && !where.test(edge.from));

    expect(users.map((edge) => edge.from)).toEqual([]);
  });

  const text = (file: string): string => {
    const source = readFileSync(join(SRC, file), 'utf8');
    const scanner = ts.createScanner(ts.ScriptTarget.ES2023, true, ts.LanguageVariant.JSX, source);
    const tokens: string[] = [];
    for (let kind = scanner.scan(); kind !== ts.SyntaxKind.EndOfFileToken; kind = scanner.scan()) {
      tokens.push(scanner.getTokenText());
    }
    return tokens.join('');
  };

  it('has no file that imports itself in a circle', () => {
    const graph = new Map<string, string[]>();
    for (const edge of inside.filter((each) => !each.typeOnly)) {
      graph.set(edge.from, [...(graph.get(edge.from) ?? []), edge.to.replace(/\.js$/, '.ts')]);
    }
    const circles: string[] = [];
    const done = new Set<string>();
    const walk = (file: string, path: readonly string[]): void => {
      if (path.includes(file)) circles.push([...path.slice(path.indexOf(file)), file].join(' → '));
      if (done.has(file) || path.includes(file)) return;
      for (const next of graph.get(file) ?? []) walk(next, [...path, file]);
      done.add(file);
    };
    for (const file of graph.keys()) walk(file, []);

    expect(circles).toEqual([]);
  });

  it('reads the environment in cli/ and nowhere else', () => {
    const readers = files.filter((file) => stageOf(file) !== 'cli' && /process\.(env|argv)\b/.test(text(file)));

    expect(readers).toEqual([]);
  });

  it('reads the clock in cli/ (and the page) and nowhere else', () => {
    const readers = files.filter(
      (file) =>
        !['cli', 'web'].includes(stageOf(file)) && /Date\.now\b|newDate\(\)/.test(text(file).replaceAll(/\s/g, '')),
    );

    expect(readers).toEqual([]);
  });

  it('draws chance from core/random.ts and node:crypto, never from Math.random', () => {
    expect(files.filter((file) => /Math\.random/.test(text(file)))).toEqual([]);
  });

  it('has no file called utils, common, helpers or misc', () => {
    expect(files.filter((file) => /(^|\/)(utils?|common|helpers?|misc)(\.|\/)/.test(file))).toEqual([]);
  });

  const kebab = (name: string): string =>
    name === name.toUpperCase()
      ? name.toLowerCase().replaceAll('_', '-')
      : name
          .replaceAll(/([a-z0-9])([A-Z])/g, '$1-$2')
          .replaceAll(/([A-Z]+)([A-Z][a-z])/g, '$1-$2')
          .toLowerCase();

  function exportsOf(file: string): string[] {
    const names: string[] = [];
    for (const statement of parse(file).statements) {
      const exported =
        ts.canHaveModifiers(statement) &&
        ts.getModifiers(statement)?.some((m) => m.kind === ts.SyntaxKind.ExportKeyword);
      if (ts.isExportDeclaration(statement) && statement.exportClause && ts.isNamedExports(statement.exportClause)) {
        names.push(...statement.exportClause.elements.map((element) => element.name.text));
      }
      if (!exported) continue;
      if (ts.isVariableStatement(statement)) {
        names.push(...statement.declarationList.declarations.map((declaration) => declaration.name.getText()));
      } else if ('name' in statement && statement.name) names.push((statement.name as ts.Identifier).text);
    }
    return names;
  }

  const squash = (name: string): string => name.replaceAll('-', '').replace(/s$/, '');
  /** `embed` and `embedded`: the same word as far as the shorter one goes. */
  const alike = (a: string, b: string): boolean =>
    a === b || (Math.min(a.length, b.length) >= 4 && (a.startsWith(b.slice(0, -1)) || b.startsWith(a.slice(0, -1))));

  /** One export: the file has its name. Several: the file is called after what they are about, so they share a word. */
  function isCalledAfter(file: string, exported: readonly string[]): boolean {
    const name = basename(file).replace(/\.tsx?$/, '');
    const words = name.split('-').map(squash);
    const has = (each: string, word: string) =>
      each
        .split('-')
        .map(squash)
        .some((part) => alike(part, word));
    const wholly = exported.some(
      (each) => squash(each).includes(squash(name)) || words.every((word) => has(each, word)),
    );
    return wholly || (exported.length > 1 && exported.some((each) => words.some((word) => has(each, word))));
  }

  /** Tables, entry points and generated files have names of their own. */
  const namedFreely = /(^|\/)(index|main|schema)\.tsx?$|^app\.ts$|^tensor\/operations\.ts$|^api\/contract\//;

  it.each(files.filter((file) => !namedFreely.test(file)))('%s is called after what it exports', (file) => {
    const exported = exportsOf(file).map(kebab);

    expect({ exported, fits: isCalledAfter(file, exported) }).toMatchObject({ fits: true });
  });
});
