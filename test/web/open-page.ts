import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Express } from 'express';
import { type BrowserContext, chromium, type Page } from 'playwright-core';
import { build } from 'vite';
import { openRig, picture, type Rig } from '../api/open-rig.js';

export const CHROMIUM = '/usr/bin/chromium';
export const hasChromium = existsSync(CHROMIUM);

/** The page built afresh, as `npm run build` does it, and the real API that serves it. */
export interface PageWorld {
  readonly rig: Rig;
  readonly address: string;
  /** Serves another app (other settings) over the same catalogue. */
  serve(settings: Parameters<Rig['again']>[0]): Promise<string>;
  close(): Promise<void>;
}

async function listen(app: Express, servers: Server[]): Promise<string> {
  const server = createServer(app);
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

export async function openPageWorld(): Promise<PageWorld> {
  const folder = mkdtempSync(join(tmpdir(), 'kindred-page-'));
  const configFile = fileURLToPath(new URL('../../vite.config.ts', import.meta.url));
  await build({ configFile, logLevel: 'error', build: { outDir: folder, emptyOutDir: true } });
  const rig = await openRig();
  const servers: Server[] = [];
  const serve: PageWorld['serve'] = (changes) => listen(rig.again({ pageFolder: folder, ...changes }), servers);
  return {
    rig,
    serve,
    address: await serve({}),
    async close() {
      for (const server of servers) {
        server.closeAllConnections();
        await new Promise((resolve) => server.close(resolve));
      }
      await rig.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** Writes items through the API, one a line. Throws where one of them fails. */
export async function writeItems(address: string, collection: string, items: readonly object[]): Promise<void> {
  const response = await fetch(`${address}/v1/collections/${collection}/items:batch`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/x-ndjson' },
    body: items.map((item) => JSON.stringify(item)).join('\n'),
  });
  const failed = (await response.text()).split('\n').filter((line) => line !== '' && !line.includes('"stored"'));
  if (!response.ok || failed.length > 0) throw new Error(`${response.status}: ${failed[0]}`);
}

/** Items with pictures: near numbers have near colours. */
export const pictured = (count: number): Promise<object[]> =>
  Promise.all(
    Array.from({ length: count }, async (_, i) => ({
      itemId: `item-${String(i).padStart(3, '0')}`,
      image: (await picture(i)).toString('base64'),
      attributes: { name: `Stripe ${i}`, group: i % 2 ? 'odd' : 'even' },
    })),
  );

/** What a page did that it must not do: errors, blocked by policy, addresses outside. */
export interface Misdeeds {
  readonly errors: string[];
  readonly outside: string[];
}

/** A browser with a profile of its own. */
export async function openBrowser(): Promise<{ context: BrowserContext; close(): Promise<void> }> {
  const profile = mkdtempSync(join(tmpdir(), 'kindred-profile-'));
  const quiet = ['quic', 'background-networking', 'component-update', 'sync', 'gpu'].map((part) => `--disable-${part}`);
  const context = await chromium.launchPersistentContext(profile, {
    executablePath: CHROMIUM,
    args: ['--no-sandbox', '--no-first-run', ...quiet],
    viewport: { width: 1280, height: 800 },
    reducedMotion: 'reduce',
  });
  return {
    context,
    async close() {
      await context.close();
      rmSync(profile, { recursive: true, force: true });
    },
  };
}

/** A fresh tab that is watched. */
export async function openTab(context: BrowserContext, address: string): Promise<{ page: Page; misdeeds: Misdeeds }> {
  const page = await context.newPage();
  const misdeeds: Misdeeds = { errors: [], outside: [] };
  page.setDefaultTimeout(15_000);
  page.on('pageerror', (error) => misdeeds.errors.push(error.message));
  page.on('console', (message) => {
    // A refused request is told to the person; that the browser logs it too is no error of the page.
    const refused = message.text().startsWith('Failed to load resource');
    if (message.type() === 'error' && !refused) misdeeds.errors.push(message.text());
  });
  page.on('request', (request) => {
    if (!request.url().startsWith(address) && !request.url().startsWith('data:')) misdeeds.outside.push(request.url());
  });
  return { page, misdeeds };
}
