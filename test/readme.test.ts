import { execFile, spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { DEMO_QUESTIONS } from '../src/cli/demo-questions.js';
import { freshHome } from './app/drawings-folder.js';
import { BUILT_ENTRY } from './build-program.js';
import { runKindred } from './cli/run-kindred.js';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const README = readFileSync(new URL('../README.md', import.meta.url), 'utf8');
const MANIFEST = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')) as {
  scripts: Record<string, string>;
};

interface Block {
  readonly tag: string;
  readonly text: string;
}
const blocks: Block[] = [...README.matchAll(/^```sh ?(\S*)\n([\s\S]*?)^```/gm)].map(([, tag = '', text = '']) => ({
  tag,
  text,
}));
const tour = blocks.filter((block) => block.tag === 'tour');

let home: Awaited<ReturnType<typeof freshHome>>;
let stop: () => void;
let url: string;

beforeAll(async () => {
  home = await freshHome();
  const child = spawn(process.execPath, [fileURLToPath(BUILT_ENTRY), 'demo', '--pretrained', '--port', '0', '--json'], {
    env: { ...process.env, ...home.environment, KINDRED_LOG_LEVEL: 'warn' },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  stop = () => void child.kill('SIGTERM');
  url = await new Promise((resolve, reject) => {
    createInterface({ input: child.stdout }).on('line', (line) => resolve((JSON.parse(line) as { url: string }).url));
    child.once('exit', (code) => reject(new Error(`The demo ended with ${code}.`)));
  });
  while (!(await fetch(`${url}/readyz`)).ok) await new Promise((go) => setTimeout(go, 100));
}, 180_000);
afterAll(() => stop?.());

describe('the README', () => {
  it('has a tour, and starts it with a command that exists', () => {
    expect(tour.length).toBeGreaterThanOrEqual(6);
    for (const { text } of blocks) {
      for (const [, script] of text.matchAll(/npm run (\S+)/g)) expect(MANIFEST.scripts).toHaveProperty(script!);
    }
    expect(blocks.find((block) => block.tag === 'tour=serve')?.text.trim()).toBe('npm run demo -- --pretrained');
  });

  it.each(tour.map(({ text }) => text))('tour: %s', async (text) => {
    const { stdout } = await promisify(execFile)('bash', ['-euc', text.replaceAll('http://localhost:8080', url)], {
      cwd: ROOT,
    });
    const answers = stdout
      .trim()
      .split(/(?<=\})(?=\{)/)
      .map((part) => JSON.parse(part) as { hits?: { itemId: string }[] });

    for (const { hits } of answers) if (hits) expect(hits.length).toBeGreaterThan(0);
  });

  it('shows what the tour says: food only, the new item found, the seen left out', async () => {
    const ask = async (path: string, body?: unknown) => {
      const init =
        body === undefined
          ? {}
          : { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) };
      return (await (await fetch(url + path, init)).json()) as {
        hits: { itemId: string; attributes: { group?: string } }[];
      };
    };
    const food = await ask('/v1/collections/default/search', {
      examples: [{ itemId: '1f34e' }],
      filter: { group: 'food-drink' },
    });
    const kin = await ask('/v1/collections/default/items/1f34e/similar?k=1');
    const ada = await ask('/v1/collections/default/recommendations', { user: 'ada', k: 20 });

    expect(new Set(food.hits.map((hit) => hit.attributes.group))).toEqual(new Set(['food-drink']));
    expect(kin.hits[0]!.itemId).toBe('my-apple');
    expect(ada.hits.map((hit) => hit.itemId)).not.toContain('1f697');
  });

  it('is right that the demo asks a dozen questions and exits, here where one is served already', {
    timeout: 180_000,
  }, async () => {
    const ran = await runKindred(['demo', '--once', '--pretrained', '--json'], home);
    const { questions } = JSON.parse(ran.stdout.trim().split('\n').at(-1)!) as {
      questions: { ask: string; hits: unknown[] }[];
    };

    expect(ran).toMatchObject({ code: 0 });
    expect(questions).toHaveLength(DEMO_QUESTIONS.length);
    expect(questions.length).toBeGreaterThanOrEqual(12);
    for (const { ask, hits } of questions)
      expect({ ask, hits: hits.length }).toMatchObject({ hits: expect.toSatisfy((n: number) => n > 0) });
  });
});
