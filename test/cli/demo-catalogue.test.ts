import { describe, expect, it } from 'vitest';
import { demoCatalogue } from '../../src/cli/demo-catalogue.js';
import { codepointKey, demoPackage, hasSkinTone } from '../../src/cli/emoji-styles.js';
import { describe as describePicture } from '../../src/images/decode.js';

describe('the demo catalogue', () => {
  it('lists every Fluent 3D drawing but the skin tones, with names and groups', async () => {
    const catalogue = demoCatalogue();
    const pictures = [];
    for await (const picture of catalogue.list()) pictures.push(picture);
    const ids = pictures.map(({ itemId }) => itemId);

    expect(pictures.length).toBe(1855);
    expect(new Set(ids).size).toBe(1855);
    for (const id of ids) expect(id).toMatch(/^[0-9a-f]+(-[0-9a-f]+)*$/);
    expect(ids.filter((id) => /fe0f|1f3f[b-f]/.test(id))).toEqual([]);
    expect(pictures.find(({ itemId }) => itemId === '1f34e')!.attributes).toEqual({
      name: 'red apple',
      group: 'food-drink',
      subgroup: 'food-fruit',
    });
    expect(ids).toContain('1f468-200d-1f33e');
    expect(pictures.filter(({ attributes }) => attributes.group === undefined).length).toBeLessThan(10);
    expect(await describePicture(await pictures[700]!.read())).toMatchObject({ mime: 'image/webp', width: 256 });
  });

  it('lists what its package brings twice once, under the key that other styles have', async () => {
    const catalogue = demoCatalogue();
    const ids = new Set<string>();
    for await (const { itemId } of catalogue.list()) ids.add(itemId);

    for (const short of ['23', '2a', '30', '39', 'a9', 'ae']) {
      const keycap = short.startsWith('a') ? '' : '-20e3';
      const padded = `00${short}${keycap}`;
      expect([ids.has(`${short}${keycap}`), ids.has(padded)]).toEqual([false, true]);
      expect(await describePicture(await catalogue.otherStyle(padded, 'noto'))).toMatchObject({ mime: 'image/png' });
    }
  });

  it('draws the same emoji in four other styles', async () => {
    const catalogue = demoCatalogue();
    for (const style of ['noto', 'twemoji', 'openmoji', 'fluent-flat'] as const)
      expect(await describePicture(await catalogue.otherStyle('1f98a', style))).toMatchObject({ mime: 'image/png' });
    await expect(catalogue.otherStyle('ffff', 'noto')).rejects.toMatchObject({ code: 'ITEM_NOT_FOUND' });
  });

  it('says what to install where its packages are missing', () => {
    const missing = () => {
      throw new Error('MODULE_NOT_FOUND');
    };

    expect(() => demoPackage('@lobehub/fluent-emoji-3d', missing as never)).toThrow(/npm install @lobehub/);
  });

  it('joins styles by codepoints without the variation selector', () => {
    expect(codepointKey('0023-FE0F-20E3')).toBe('0023-20e3');
    expect(hasSkinTone('1f44b-1f3fb')).toBe(true);
    expect(hasSkinTone('1f3fa')).toBe(false);
  });
});
