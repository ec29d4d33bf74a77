import type { JudgedRow } from '../../judge-labelled.js';
import type { Findings } from '../findings.js';
import { html, type Markup } from '../html.js';
import { sayCount, sayShare } from '../say-number.js';
import { shareBar } from '../share-bar.js';

/** Ways of comparing pixels as a report calls them. */
const PIXELS: Readonly<Record<string, string>> = {
  pixels: 'Raw pixels',
  'pixels-half-whitened': 'Pixels, half-whitened',
  'whitened-pixels': 'Pixels, whitened',
  'pca-64': 'Pixels, their 64 main patterns',
};

/** The model beside everything it has to beat, judged by labels that it has never seen. */
export function labelsSection({ labelled }: Findings): Markup | undefined {
  if (!labelled) return undefined;
  const { label, pictures, labels, rows } = labelled;
  return html`<section><h2>Does it agree with people?</h2>
<p>People have sorted ${sayCount(pictures)} pictures into ${sayCount(labels)} kinds (<code>${label}</code>); the model has never seen how. Each picture looks for
the others of its kind. <b>Good:</b> the first row is clearly ahead of all others.</p>
<div class="wide"><table class="judged"><thead><tr><th></th><th colspan="2">nearest is of its kind</th><th>all of its kind are near</th><th>20 nearest vote for it</th><th>a linear classifier names it</th><th>the same with a tenth of the labels</th></tr></thead><tbody>${rows.map(row)}</tbody></table></div>
<p class="note">The thin mark shows where the figure lies in 95% of such samples. Where two of them overlap widely, nothing can be told from them:
<code>kindred compare</code> asks models picture by picture. Classifiers learn from one half of the pictures and are asked about the other.
<code>docs/evaluation.md</code> explains each figure.</p></section>`;
}

function row({ what, kind, recallAt1, meanAveragePrecision, knn, linear, few }: JudgedRow): Markup {
  const tenth = few.find(({ share }) => share === 0.1);
  return html`<tr class="${kind}"><th scope="row">${nameOf(what, kind)}</th>
<td class="bar">${shareBar(recallAt1, kind)}</td><td class="figure">${sayShare(recallAt1.mean, 1)}</td>
<td class="figure">${sayShare(meanAveragePrecision, 1)}</td><td class="figure">${sayShare(knn.mean, 1)}</td>
<td class="figure">${sayShare(linear.mean, 1)}</td><td class="figure">${tenth ? sayShare(tenth.linear, 1) : '–'}</td></tr>`;
}

function nameOf(what: string, kind: JudgedRow['kind']): string {
  if (kind === 'model') return 'This model';
  return kind === 'untrained' ? 'The same network before training' : (PIXELS[what] ?? what);
}
