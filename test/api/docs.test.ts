import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import request from 'supertest';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openRig, type Rig } from './open-rig.js';

let rig: Rig;
beforeAll(async () => {
  rig = await openRig();
});
afterAll(() => rig.close());

describe('the docs page', () => {
  it('loads everything from this server, and no pet shop', async () => {
    const page = await request(rig.app).get('/docs');
    const start = await request(rig.app).get('/docs/start.js');

    expect(page.headers['content-security-policy']).toContain("script-src 'self'");
    expect(page.headers['content-security-policy']).not.toMatch(/script-src[^;]*unsafe/);
    expect(page.text).not.toMatch(/https?:/);
    expect(start.text).toContain("url: 'openapi.yaml'");
    for (const [, file] of page.text.matchAll(/(?:href|src)="(docs\/[^"]+)"/g))
      expect((await request(rig.app).get(`/${file}`)).status, file).toBe(200);
  });

  it.each(['/docs/package.json', '/docs/..%2Fpackage.json', '/docs/__proto__'])('has nothing at %s', async (path) => {
    expect((await request(rig.app).get(path)).body.code).toBe('ROUTE_NOT_FOUND');
  });
});

describe('the page', () => {
  it('says how to build it where it is not built', async () => {
    expect((await request(rig.app).get('/')).text).toContain('npm run page');
  });

  it('is served from its folder, with a strict policy, and hides nothing of the API', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'kindred-page-'));
    mkdirSync(join(folder, 'assets'));
    writeFileSync(join(folder, 'index.html'), '<!doctype html>the page');
    writeFileSync(join(folder, 'assets', 'a-1.js'), 'export {}');
    const app = rig.again({ pageFolder: folder });
    const page = await request(app).get('/');
    const asset = await request(app).get('/assets/a-1.js');

    expect(page.text).toContain('the page');
    expect(page.headers['content-security-policy']).toContain("default-src 'none'");
    expect(page.headers['cache-control']).toBe('no-cache');
    expect(asset.headers['cache-control']).toContain('immutable');
    expect((await request(app).get('/assets/none.js')).body.code).toBe('ROUTE_NOT_FOUND');
    expect((await request(app).get('/..%2f..%2fetc/passwd')).status).toBe(404);
    expect((await request(app).get('/v1/collections')).status).toBe(200);
    rmSync(folder, { recursive: true });
  });
});
