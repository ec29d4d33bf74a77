import { emojiQuality } from './quality-emoji.js';
import { fashionQuality, type QualityOptions } from './quality-fashion.js';
import type { Row } from './row.js';

/** What training learns in a given time, beside what no learning gives: Fashion-MNIST in grey, drawings in colour. */
export async function quality(options: QualityOptions): Promise<readonly Row[]> {
  return [...(await fashionQuality(options)), ...(await emojiQuality(options))];
}
