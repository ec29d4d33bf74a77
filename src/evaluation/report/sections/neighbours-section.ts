import type { Findings, Neighbour } from '../findings.js';
import { html, type Markup } from '../html.js';
import { picture } from '../picture.js';
import { sayCount } from '../say-number.js';

/** What the model calls similar, beside what pixels call similar: the one thing to judge by eye. */
export function neighboursSection({ neighbourhoods, pool }: Findings): Markup {
  const shown = (found: readonly Neighbour[]): Markup[] =>
    found.map((each) => picture(pool, each.picture, `similarity ${each.similarity.toFixed(2)}`));
  return html`<section><h2>What it calls similar</h2>
<p>${neighbourhoods.length} pictures drawn at random (left), and the most similar of ${sayCount(pool.names.length - 1)} others, nearest first: to this model,
and to plain pixels. <b>Good:</b> the model’s row shows things of the same kind, even in another colour, size or place, where the
pixels’ row shows things that merely have the same colour in the same spot. Hover a picture for its name.</p>
<div class="neighbourhoods">${neighbourhoods.map(
    (each) => html`<div class="neighbourhood"><div class="query">${picture(pool, each.picture)}</div>
<div class="row"><span>model</span>${shown(each.model)}</div>
<div class="row pixels"><span>pixels</span>${shown(each.pixels)}</div></div>`,
  )}</div></section>`;
}
