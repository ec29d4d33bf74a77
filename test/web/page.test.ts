import type { Page } from 'playwright-core';
import sharp from 'sharp';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { sureOf } from '../api/calibrated.js';
import { picture } from '../api/open-rig.js';
import {
  CHROMIUM,
  hasChromium,
  type Misdeeds,
  openBrowser,
  openPageWorld,
  openTab,
  type PageWorld,
  pictured,
  writeItems,
} from './open-page.js';

const KEY = 'a-key-for-the-page-only';
/** Expects something to come true; a busy machine may take its time. */
const soon = <T>(read: () => T) => expect.poll(read, { timeout: 15_000 });
const shownIds = (page: Page): Promise<(string | null)[]> =>
  page.locator('main [role=gridcell]').evaluateAll((cells) => cells.map((cell) => cell.getAttribute('data-item')));
const focusedId = (page: Page): Promise<string | null | undefined> =>
  page.evaluate(() => document.activeElement?.getAttribute('data-item'));

// Debian: apt-get install chromium.
describe.skipIf(!hasChromium)(`the page in a browser (skipped where there is no ${CHROMIUM})`, () => {
  let world: PageWorld;
  let browser: Awaited<ReturnType<typeof openBrowser>>;
  let page: Page;
  let misdeeds: Misdeeds;

  beforeAll(async () => {
    [world, browser] = await Promise.all([openPageWorld(), openBrowser()]);
    await writeItems(world.address, 'default', await pictured(90));
    await world.rig.deps.catalogue.collections.put('many', { encoder: 'none' });
    const many = Array.from({ length: 2_500 }, (_, i) => ({
      itemId: `n${i + 1_000}`,
      attributes: { name: `No ${i}` },
    }));
    await writeItems(world.address, 'many', many);
  });
  afterAll(async () => {
    await browser?.close();
    await world?.close();
  });
  afterEach(async () => {
    await page.close();
    expect(misdeeds).toEqual({ errors: [], outside: [] });
  });
  const visit = async (hash = '', address = world.address): Promise<void> => {
    ({ page, misdeeds } = await openTab(browser.context, address));
    await page.goto(`${address}/${hash}`);
  };
  const ask = async <T>(path: string, body: object): Promise<T> => {
    const response = await fetch(`${world.address}/v1/collections/default/${path}`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify(body),
    });
    return (await response.json()) as T;
  };
  const idsOf = async (path: string, body: object): Promise<string[]> =>
    (await ask<{ hits: { itemId: string }[] }>(path, body)).hits.map(({ itemId }) => itemId);

  it('shows the catalogue with its pictures, and narrows it by words and by group', async () => {
    await visit();
    const cells = page.getByRole('gridcell');
    await soon(() => page.locator('main [role=status]').textContent()).toBe('90 pictures');
    const drawn = cells.first().locator('img');
    await soon(() => drawn.evaluate((img: HTMLImageElement) => img.naturalWidth)).toBeGreaterThan(0);

    await page.getByRole('searchbox').fill('stripe 1');
    await soon(() => page.locator('main [role=status]').textContent()).toBe('18 of 90 pictures');
    await page.getByRole('button', { name: 'odd' }).click();
    await soon(() => cells.count()).toBeLessThan(18);
    expect(page.url()).toContain('?q=stripe+1&in=odd');
  });

  it('shows the kin of a picture that is clicked, as the API has them, and goes back', async () => {
    await visit();
    await page.getByRole('gridcell', { name: 'Stripe 7', exact: true }).click();
    await page.getByRole('heading', { name: 'Kin of Stripe 7' }).waitFor();
    await soon(() => page.locator('.kin [role=gridcell]').count()).toBeGreaterThan(10);

    const kin = await idsOf('search', { examples: [{ itemId: 'item-007' }], k: 60 });
    expect((await shownIds(page)).slice(0, 12)).toEqual(kin.slice(0, 12));
    expect(await page.locator('.likeness-figure').first().textContent()).toMatch(/^\d+%$/);

    await page.goBack();
    await page.getByRole('heading', { name: 'The catalogue' }).waitFor();
    expect(await page.getByRole('gridcell').count()).toBeGreaterThan(10);
  });

  it('needs no mouse: walk, give thumbs, ask for a recommendation, get help', async () => {
    await visit();
    await page.getByRole('gridcell').first().waitFor();
    await page.keyboard.press('/');
    await page.keyboard.type('stripe 2');
    await page.keyboard.press('Enter');
    await soon(() => focusedId(page)).toBe('item-002');
    await page.keyboard.press('u');
    await page.keyboard.press('ArrowRight');
    await page.keyboard.press('ArrowRight');
    await soon(() => focusedId(page)).toBe('item-021');
    await page.keyboard.press('d');
    await page.getByRole('region', { name: 'Your thumbs: 2 pictures' }).waitFor();
    expect(await page.locator('[aria-live=polite]').textContent()).toBe('Stripe 21: not like this');

    await page.keyboard.press('r');
    await page.getByRole('heading', { name: 'You may like' }).waitFor();
    await soon(() => page.locator('.kin [role=gridcell]').count()).toBeGreaterThan(10);
    const examples = [
      { itemId: 'item-002', weight: 1 },
      { itemId: 'item-021', weight: -1 },
    ];
    const wanted = await idsOf('recommendations', { examples, k: 60 });
    expect((await shownIds(page)).slice(0, 12)).toEqual(wanted.slice(0, 12));
    expect(wanted).not.toContain('item-021');
    expect(await page.locator('.because').first().textContent()).toBe('like Stripe 2');

    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: /^Kin of/ }).waitFor();
    await page.keyboard.press('?');
    await page.getByRole('dialog', { name: 'Find what belongs together' }).waitFor();
    await page.keyboard.press('Escape');
    await page.getByRole('dialog').waitFor({ state: 'detached' });
    await page.keyboard.press('Escape');
    await page.getByRole('heading', { name: 'The catalogue' }).waitFor();
  });

  it('searches by a picture that is chosen, and says what the server says of one that is none', async () => {
    await visit();
    const chooser = page.locator('input[type=file]');
    await chooser.setInputFiles({ name: 'mine.png', mimeType: 'image/png', buffer: await picture(33) });
    await page.getByRole('heading', { name: 'Most like it' }).waitFor();
    await page.getByRole('img', { name: 'Searched: mine.png' }).waitFor();
    await page.getByRole('gridcell', { name: 'Stripe 33, 100% alike' }).waitFor();
    expect((await shownIds(page))[0]).toBe('item-033');

    await chooser.setInputFiles({ name: 'none.png', mimeType: 'image/png', buffer: Buffer.from('no picture') });
    const alert = page.getByRole('alert');
    await alert.waitFor();
    expect(await alert.textContent()).toContain('Send JPEG, PNG, WebP, GIF, AVIF, TIFF or SVG.');
  });

  it('says how sure it is where the index knows, and why nothing is left of what only resembles', async () => {
    const knowing = await world.serve(sureOf(world.rig));
    await visit('#/default/item/item-007', knowing);
    await page
      .getByRole('gridcell', { name: /^Stripe \d+, \d+% alike, another picture$/ })
      .first()
      .waitFor();
    const only = page.getByRole('checkbox', { name: 'Only good matches' });
    await only.check();
    await page
      .getByText(/^No good match: the closest item has a similarity of 0\.\d+ and a confidence of 0\.\d+/)
      .waitFor();
    expect(await page.getByRole('gridcell').count()).toBe(0);
    await only.uncheck();
    await page.getByRole('gridcell').first().waitFor();

    await only.check();
    const chooser = page.locator('input[type=file]');
    await chooser.setInputFiles({ name: 'mine.png', mimeType: 'image/png', buffer: await picture(33) });
    await page.getByRole('gridcell', { name: 'Stripe 33, 100% alike, the same picture' }).waitFor();
    expect(await shownIds(page)).toEqual(['item-033']);
  });

  it('searches by a part of a picture: a box that is dragged, moved with the keys, and taken away', async () => {
    await visit();
    const halves = await Promise.all([picture(12), picture(72)]);
    const both = sharp({ create: { width: 48, height: 24, channels: 3, background: 'white' } });
    const buffer = await both
      .composite(halves.map((input, i) => ({ input, left: 24 * i, top: 0 })))
      .png()
      .toBuffer();
    await page.locator('input[type=file]').setInputFiles({ name: 'both.png', mimeType: 'image/png', buffer });
    const shown = page.getByRole('img', { name: 'Searched: both.png' });
    await page.getByRole('heading', { name: 'Most like it' }).waitFor();

    const { x, y, width, height } = (await shown.boundingBox())!;
    const [inset, middle] = [0.06 * width, y + height / 2];
    const side = (width - 2 * inset) / 2; // of each half, as the picture is shown
    await page.mouse.move(x + inset + side, middle - side / 2);
    await page.mouse.down();
    await page.mouse.move(x + inset + 1.5 * side, middle);
    await page.mouse.move(x + width + 50, middle + side / 2 + 30);
    await page.mouse.up();
    await page.getByRole('heading', { name: 'Most like the part' }).waitFor();
    await page.getByRole('gridcell', { name: 'Stripe 72, 100% alike' }).waitFor();
    expect((await shownIds(page))[0]).toBe('item-072');
    expect(decodeURIComponent(page.url())).toMatch(/part=0\.5,0,0\.5,1$/);

    const frame = page.getByRole('application', { name: /^What is searched: 50% by 100% of the picture/ });
    await frame.focus();
    for (let i = 0; i < 13; i++) await page.keyboard.press('ArrowLeft');
    await page.getByRole('gridcell', { name: 'Stripe 12, 100% alike' }).waitFor();
    expect(decodeURIComponent(page.url())).toMatch(/part=0,0,0\.5,1$/);

    await page.keyboard.press('Escape');
    await page.getByRole('heading', { name: 'Most like it' }).waitFor();
    expect(page.url()).not.toContain('part=');
    expect(await page.evaluate(() => document.activeElement?.textContent)).toBe('Search by a part');
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: 'Most like the part' }).waitFor();
    await soon(() => page.evaluate(() => document.activeElement?.getAttribute('role'))).toBe('application');
    await page.getByRole('button', { name: 'Search by the whole picture' }).click();
    await page.getByRole('heading', { name: 'Most like it' }).waitFor();
    expect(await page.locator('.box-frame').count()).toBe(0);
  });

  it('shows where a hit is alike, by its button and by a key, for an item, a picture with a box, and a taste', async () => {
    const dialog = () => page.getByRole('dialog', { name: 'Where it is alike' });
    const heatDrawn = async (): Promise<void> => {
      for (const map of await Promise.all([0, 1].map((at) => dialog().getByRole('img').nth(at).elementHandle())))
        expect(await map?.evaluate((img) => (img as HTMLImageElement).naturalWidth)).toBe(384);
    };
    await visit('#/default/item/item-007');
    await page.getByRole('gridcell', { name: /^Stripe 8,/ }).hover();
    await page.getByRole('button', { name: 'Where it is alike: Stripe 8', exact: true }).click();
    await heatDrawn();
    const expected = await ask<{ similarity: number; query: { image: string } }>('items/item-008/explain', {
      example: { itemId: 'item-007' },
    });
    const src = await dialog().getByRole('img', { name: 'Heat map: What was searched' }).getAttribute('src');
    expect(src).toBe(`data:image/png;base64,${expected.query.image}`);
    await page.keyboard.press('Escape');
    await dialog().waitFor({ state: 'detached' });

    await page.locator('.kin [role=gridcell]').first().focus();
    await page.keyboard.press('w');
    await heatDrawn();
    await page.getByRole('button', { name: 'Close' }).click();

    await page
      .locator('input[type=file]')
      .setInputFiles({ name: 'mine.png', mimeType: 'image/png', buffer: await picture(33) });
    await page.getByRole('button', { name: 'Search by a part' }).click();
    await page.getByRole('heading', { name: 'Most like the part' }).waitFor();
    await page.locator('.kin [role=gridcell]').first().focus();
    await page.keyboard.press('w');
    await heatDrawn();
    await page.keyboard.press('Escape');

    await page.goto(`${world.address}/#/default/taste?like=item-002&like=item-050`);
    await page
      .getByRole('gridcell', { name: /like Stripe 50/ })
      .first()
      .focus();
    await page.keyboard.press('w');
    await heatDrawn();
  });

  it.each(['drop', 'paste'])('takes a picture by %s, anywhere', async (way) => {
    await visit();
    await page.getByRole('gridcell').first().waitFor();
    const base64 = (await picture(12)).toString('base64');
    await page.evaluate(
      ([kind, text]) => {
        const bytes = Uint8Array.from(atob(text as string), (letter) => letter.charCodeAt(0));
        const data = new DataTransfer();
        data.items.add(new File([bytes], 'twelve.png', { type: 'image/png' }));
        const event =
          kind === 'drop'
            ? new DragEvent('drop', { dataTransfer: data, bubbles: true, cancelable: true })
            : new ClipboardEvent('paste', { clipboardData: data, bubbles: true, cancelable: true });
        document.querySelector('main')?.dispatchEvent(event);
      },
      [way, base64],
    );

    await page.getByRole('gridcell', { name: 'Stripe 12, 100% alike' }).waitFor();
  });

  it('draws only what is in sight of thousands, and reaches the last by keyboard', async () => {
    await visit('#/many');
    await soon(() => page.locator('main [role=status]').textContent()).toBe('2,500 pictures');
    expect(await page.getByRole('gridcell').count()).toBeLessThan(120);

    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('End');
    await soon(() => focusedId(page)).toBe('n3499');
    await soon(() => page.evaluate(() => scrollY)).toBeGreaterThan(10_000);
    expect(await page.getByRole('gridcell').count()).toBeLessThan(120);
    expect(await page.getByRole('combobox', { name: 'Collection' }).inputValue()).toBe('many');
  });

  it('fits a phone, and its thumbs can be tapped there', async () => {
    await visit();
    await page.setViewportSize({ width: 375, height: 720 });
    await page.getByRole('gridcell').first().waitFor();
    const overflow = () => page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
    expect(await overflow()).toBeLessThanOrEqual(0);

    await page.getByRole('button', { name: 'More like this: Stripe 1', exact: true }).click();
    await page.getByRole('button', { name: 'Recommend' }).click();
    await page.locator('.kin [role=gridcell]').first().waitFor();
    expect(await overflow()).toBeLessThanOrEqual(0);
  });

  it('teaches while a collection is empty, and fills by itself', async () => {
    await world.rig.deps.catalogue.collections.put('fresh', { encoder: 'none' });
    await visit('#/fresh');
    await page.getByRole('heading', { name: 'An empty catalogue' }).waitFor();
    expect(await page.locator('pre').last().textContent()).toContain(`${world.address}/v1/collections/fresh/items/`);

    await writeItems(world.address, 'fresh', [{ itemId: 'first', attributes: { name: 'The first' } }]);
    await page.getByRole('gridcell', { name: 'The first' }).waitFor();
  });

  it('says what is wrong with an item or a collection that is not there', async () => {
    await visit('#/default/item/gone');
    await soon(() => page.getByRole('alert').first().textContent()).toContain('ITEM_NOT_FOUND');
    await page.goto(`${world.address}/#/nowhere`);
    await soon(() => page.getByRole('alert').first().textContent()).toContain('COLLECTION_NOT_FOUND');
  });

  it('asks for a key where the server wants one, and keeps it in this tab only', async () => {
    const locked = await world.serve({ settings: { KINDRED_ADMIN_KEY: KEY } });
    await visit('', locked);
    await page.getByLabel('Key', { exact: true }).fill('not this one');
    await page.getByRole('button', { name: 'Open' }).click();
    await page.getByText('The server does not know this key.').waitFor();
    await page.getByLabel('Key', { exact: true }).fill(KEY);
    await page.getByRole('button', { name: 'Open' }).click();

    const drawn = page.getByRole('gridcell').first().locator('img');
    await soon(() => drawn.evaluate((img: HTMLImageElement) => img.naturalWidth)).toBeGreaterThan(0);
    expect(await page.evaluate(() => JSON.stringify({ ...localStorage }) + document.cookie)).toBe('{}');
    expect(await page.evaluate(() => sessionStorage.getItem('kindred.key'))).toBe(KEY);
  });

  it('waits for a server that does not answer, and goes on by itself', async () => {
    await visit();
    await page.getByRole('gridcell').first().waitFor();
    await page.context().setOffline(true);
    await page.getByRole('gridcell', { name: 'Stripe 3', exact: true }).click();
    await page.getByText('The server does not answer. Trying again…').waitFor();

    await page.context().setOffline(false);
    await page.locator('.kin [role=gridcell]').first().waitFor();
    await page.getByText('The server does not answer. Trying again…').waitFor({ state: 'detached' });
  });

  it('gives every control a name, and the whole page a heading and landmarks', async () => {
    await visit();
    await page.getByRole('gridcell').first().waitFor();
    const nameless = await page.evaluate(() =>
      [...document.querySelectorAll('button, input, select, a, [role=gridcell], [role=grid]')]
        .filter((part) => {
          const label = part.closest('label')?.textContent;
          return !(part.getAttribute('aria-label') || part.textContent?.trim() || label?.trim());
        })
        .map((part) => part.outerHTML),
    );
    expect(nameless).toEqual([]);
    for (const landmark of ['banner', 'main', 'search'] as const)
      expect(await page.getByRole(landmark).count()).toBe(1);
    expect(await page.getByRole('heading', { level: 1 }).count()).toBe(1);
  });
});
