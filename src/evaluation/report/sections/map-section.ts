import type { Findings } from '../findings.js';
import { html, type Markup } from '../html.js';
import { sayCount, sayShare } from '../say-number.js';

const [SIDE, MARGIN, PICTURE] = [1000, 20, 34];

/** All pictures of the pool on a plane. */
export function mapSection({ map, pool, score }: Findings): Markup {
  const place = (share: number): string => (MARGIN + share * (SIDE - 2 * MARGIN - PICTURE)).toFixed(1);
  return html`<section><h2>A map of the catalogue</h2>
<p>${sayCount(pool.names.length)} pictures, placed so that the two directions in which the model sees most difference run across and upwards. What
lies close together looks alike to it in those two respects. <b>Good:</b> neighbourhoods with something in common, and gradual
change from one side to the other. Bad: one tight clump with a few strays.</p>
<svg class="map" viewBox="0 0 ${SIDE} ${SIDE}" role="img" aria-label="Map of the pictures">${pool.names.map(
    (name, i) =>
      html`<svg x="${place(map.x[i]!)}" y="${place(1 - map.y[i]!)}" width="${PICTURE}" height="${PICTURE}" viewBox="0 0 48 48"><title>${name}</title><use href="#p${i}"/></svg>`,
  )}</svg>
<p class="note">The model describes a picture with ${score.dimension} numbers; a plane can show only ${sayShare(map.share, 1)} of the differences between
pictures (principal component analysis), so pictures that overlap here may still be far apart.</p></section>`;
}
