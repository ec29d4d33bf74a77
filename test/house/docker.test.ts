import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';

const lines = (file: string): readonly string[] =>
  readFileSync(file, 'utf8')
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '' && !line.startsWith('#'));

describe('an image', () => {
  it('holds nothing that git ignores: no secrets, no caches, no models or catalogues of one’s own', () => {
    const kept = new Set(lines('.dockerignore'));
    // All of index-data stays out, its README too.
    const ignored = lines('.gitignore').filter((line) => !line.startsWith('!index-data'));

    for (const line of ignored) expect(kept).toContain(line.replace(/\/\*?$/, '').replace(/^models$/, 'models/*'));
  });

  it('copies only what its context has', () => {
    const kept = lines('.dockerignore');
    const copied = lines('Dockerfile')
      .filter((line) => line.startsWith('COPY ') && !line.includes('--from'))
      .flatMap((line) => line.split(/\s+/).slice(1, -1));

    expect(copied).toContain('src');
    for (const path of copied) expect(kept).not.toContain(path.replace('./', ''));
  });

  it('runs as a plain user, with a health check and a volume for what it writes', () => {
    const last = readFileSync('Dockerfile', 'utf8')
      .split(/^FROM /m)
      .at(-1)!;

    expect(last).toMatch(/^USER node$/m);
    expect(last).toMatch(/^HEALTHCHECK /m);
    expect(last).toMatch(/^VOLUME \/data$/m);
  });
});
