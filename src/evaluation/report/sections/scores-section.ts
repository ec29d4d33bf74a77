import type { Contestant, Findings } from '../findings.js';
import { html, type Markup } from '../html.js';
import { sayCount, sayPoints, sayShare } from '../say-number.js';

/** The model beside everything it has to beat, on the same task. */
export function scoresSection({ contestants, pool }: Findings): Markup {
  const views = 2 * pool.names.length;
  return html`<section><h2>Who finds the other copy?</h2>
<p>Two copies of each of ${sayCount(pool.names.length)} pictures were made, each cropped, moved, lightened or darkened a little and made
noisy. Each copy then looks for its twin, which is found where none of the ${sayCount(views - 2)} copies of other pictures is as
similar. Guessing would be right ${sayShare(1 / (views - 1), 1)} of the time. <b>Good:</b> the first bar is clearly longer than all others.</p>
<table class="scores"><tbody>${contestants.map(row)}</tbody></table>
<p class="note">The thin mark shows where the figure lies in 95% of such samples. Pixels are compared at 16 × 16, and their
patterns (principal components) were measured on these very pictures, which favours them. This test says whether the model sees past small changes. It
can’t say whether things that people call alike are near each other: look at the neighbours below, or judge it on sorted pictures
with <code>kindred evaluate</code>.</p></section>`;
}

function row({ name, kind, score, lead }: Contestant): Markup {
  const at = (share: number): string => (100 * share).toFixed(2);
  return html`<tr class="${kind}"><th scope="row">${name}</th>
<td class="bar"><svg viewBox="0 0 100 10" preserveAspectRatio="none" role="img" aria-label="${sayShare(score.recall, 1)}"><rect class="track" width="100" height="10"/><rect class="fill ${kind}" width="${at(score.recall)}" height="10"/><rect class="whisker" x="${at(score.low)}" y="4" width="${at(Math.max(0.002, score.high - score.low))}" height="2"/></svg></td>
<td class="figure">${sayShare(score.recall, 1)}</td><td class="figure note">${lead && `model ${sayPoints(lead.mean)}`}</td></tr>`;
}
