import type { Findings } from './findings.js';
import { html, type Markup } from './html.js';

/** Every picture once, unseen; `picture` shows it wherever it is wanted. */
export function pictureDefinitions({ thumbnails }: Findings['pool']): Markup {
  return html`<svg class="definitions" width="0" height="0" aria-hidden="true"><defs>${thumbnails.map(
    (uri, i) => html`<image id="p${i}" width="48" height="48" href="${uri}"/>`,
  )}</defs></svg>`;
}

/** One picture of the pool, with its name and a note on hovering. */
export function picture({ names }: Findings['pool'], index: number, note?: string): Markup {
  const name = names[index] ?? '';
  return html`<svg class="picture" viewBox="0 0 48 48" role="img"><title>${name}${note && ` (${note})`}</title><use href="#p${index}"/></svg>`;
}
