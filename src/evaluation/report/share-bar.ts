import type { Interval } from '../interval.js';
import { html, type Markup } from './html.js';
import { sayShare } from './say-number.js';

/** A share from 0 to 1 as a bar, with a thin mark where it lies in 95% of such samples. */
export function shareBar({ mean, low, high }: Interval, kind: string): Markup {
  const at = (share: number): string => (100 * share).toFixed(2);
  return html`<svg viewBox="0 0 100 10" preserveAspectRatio="none" role="img" aria-label="${sayShare(mean, 1)}"><rect class="track" width="100" height="10"/><rect class="fill ${kind}" width="${at(mean)}" height="10"/><rect class="whisker" x="${at(low)}" y="4" width="${at(Math.max(0.002, high - low))}" height="2"/></svg>`;
}
