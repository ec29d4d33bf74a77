import type { Findings, Invariance } from '../findings.js';
import { html, type Markup } from '../html.js';
import { lineChart } from '../line-chart.js';
import { sayFigure } from '../say-number.js';

/** What the model looks past, and what it still notices: one chart for each way of changing a picture. */
export function invarianceSection({ invariance, model }: Findings): Markup {
  const { views, pictures, apart } = invariance;
  const turned = views.filter(({ points }) => points.length > 2);
  const switched = views.filter(({ points }) => points.length === 2);
  return html`<section><h2>What it looks past</h2>
<p>How similar a picture and a changed copy of it stay, from 1 (the same) downwards, as one change is turned up
(${pictures} pictures). A dashed line is the similarity of two different pictures: what touches it is not recognised any more. The two
scales differ, so compare each line with the dashed line of its own colour, not with the other line. <b>Good:</b> the
model’s line stays high for changes that do not matter in this catalogue, and falls for those that do. Whether colour, say, should
matter is for you to decide: <code>--views</code> of <code>kindred train</code> sets how much of each change it learns to ignore.</p>
<p class="legend"><span class="model">this model</span> <span class="pixels">plain pixels</span> <span class="level">two different pictures</span></p>
<div class="charts">${turned.map((each) => figure(each, apart, model.settings.views))}</div>
<table class="switches"><thead><tr><th scope="col">change</th><th scope="col">this model</th><th scope="col">plain pixels</th><th scope="col">in training</th></tr></thead><tbody>${switched.map(
    ({ view, dial, points }) =>
      html`<tr><th scope="row">${view}: ${dial}</th><td>${cosine(points[1]!.model)}</td><td>${cosine(points[1]!.pixels)}</td><td>${trainedWith(model.settings.views, view)}</td></tr>`,
  )}</tbody></table>
<p class="note">Of two different pictures: ${cosine(apart.model)} to this model, ${cosine(apart.pixels)} to plain pixels.</p></section>`;
}

function figure({ view, dial, points }: Invariance, apart: Findings['invariance']['apart'], views: unknown): Markup {
  const line = (kind: 'model' | 'pixels') => ({
    name: kind === 'model' ? 'this model' : 'plain pixels',
    kind,
    points: points.map((point) => [point.strength, point[kind]] as const),
  });
  const chart = lineChart({
    label: `Similarity under ${view}`,
    lines: [line('pixels'), line('model')],
    xName: dial,
    range: [0, 1],
    levels: [
      { kind: 'pixels', at: apart.pixels },
      { kind: 'model', at: apart.model },
    ],
  });
  return html`<figure><h3>${view}</h3>${chart}<figcaption>In training: ${trainedWith(views, view)}.</figcaption></figure>`;
}

/** Two digits, and a real minus sign. */
const cosine = (value: number): string => value.toFixed(2).replace('-', '−');

/** How strong a view was while the model learnt, from its manifest. */
function trainedWith(views: unknown, view: string): string {
  const setting = (views as Readonly<Record<string, unknown>> | undefined)?.[view];
  if (setting === 0) return 'not used';
  if (typeof setting === 'number')
    return CHANCES.has(view) ? `chance ${sayFigure(setting)}` : `up to ${sayFigure(setting)}`;
  const area = (setting as { area?: readonly number[] } | undefined)?.area;
  return typeof area?.[0] === 'number' ? `up to ${sayFigure(1 - area[0])}` : 'not known';
}

/** Views that happen or do not. */
const CHANCES: ReadonlySet<string> = new Set(['flip', 'grayscale', 'invert', 'blur']);
