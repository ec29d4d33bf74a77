import { describe, expect, it } from 'vitest';
import { decode } from '../../src/images/decode.js';
import { samplePicture } from '../../src/images/sample-picture.js';

const box = { width: 16, height: 16, fit: 'inside', background: [255, 255, 255], keepSmall: true } as const;

describe('samplePicture', () => {
  it.each([
    ['colour', 3, [200, 40, 90]],
    ['grey', 1, [120, 120, 120]],
  ] as const)('shows a sample in %s as it is, smaller where it is large', async (_what, channels, wanted) => {
    const sample = Uint8Array.from({ length: 32 * 32 * channels }, (_, i) => wanted[i % channels]!);

    const { width, height, bytes } = await decode(await samplePicture(sample, [32, 32, channels], 16), box);

    expect([width, height]).toEqual([16, 16]);
    for (const [i, value] of wanted.entries()) expect(Math.abs(bytes[3 * 100 + i]! - value)).toBeLessThan(6);
  });

  it('refuses a sample of another size', async () => {
    await expect(samplePicture(new Uint8Array(5), [2, 2, 3], 16)).rejects.toMatchObject({ code: 'SAMPLE_INVALID' });
  });
});
