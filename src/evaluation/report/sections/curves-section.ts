import { sayIntervention } from '../../say-intervention.js';
import type { Findings } from '../findings.js';
import { html, type Markup } from '../html.js';
import { lineChart } from '../line-chart.js';

interface Curve {
  readonly key: string;
  readonly title: string;
  readonly says: string;
}

/** What a point of a training curve may hold, in the order of the page. */
const CURVES: readonly Curve[] = [
  {
    key: 'loss',
    title: 'Loss',
    says: 'How wrong the network’s guesses were while it learnt. Good: falls quickly, then flattens. Still falling at the end: more time would help.',
  },
  {
    key: 'recall',
    title: 'Other view found',
    says: 'Share of changed copies whose other copy is recognised. Good: rises.',
  },
  {
    key: 'alignment',
    title: 'Alignment',
    says: 'How far apart two changed copies of one picture lie. Good: becomes small, as the changes should not matter. Read it together with the next one.',
  },
  {
    key: 'uniformity',
    title: 'Uniformity',
    says: 'How evenly all pictures are spread out; lower is more even. Good: falls, or stays well below 0. Near 0, all pictures are in one spot.',
  },
  {
    key: 'effectiveRank',
    title: 'Effective rank',
    says: 'About how many independent things the network looks at. Good: rises or stays in the dozens. Bad: sinks towards 1.',
  },
  {
    key: 'projectionSpread',
    title: 'Spread of projections',
    says: 'How far apart the numbers lie that the loss itself compares, as a share of all they could. Good: stays level. Bad: sinks towards 0, where every picture looks alike to the loss.',
  },
  {
    key: 'deviation',
    title: 'Spread',
    says: 'How much each number differs from picture to picture. Good: stays level. Bad: sinks towards 0, which is a collapse.',
  },
];

/** How training went, a chart for each thing that was measured on the way. */
export function curvesSection({ model }: Findings): Markup {
  const known = CURVES.filter(({ key }) => model.curve.some((point) => Number.isFinite(point[key])));
  if (known.length === 0) return html``;
  const marks = (model.interventions ?? []).map((each) => ({ at: each.step, says: sayIntervention(each) }));
  return html`<section><h2>How training went</h2>
<p>Measured now and then while the network learnt, on the pictures it learnt from${model.curve.length === 1 && ' (once only: it was a short run)'}.</p>
${whatTheGuardDid(model)}${whatWasKept(model)}<div class="charts">${known.map(({ key, title, says }) => {
    const points = model.curve.flatMap((point) =>
      Number.isFinite(point[key]) ? [[point.step, point[key]!] as const] : [],
    );
    const chart = lineChart({
      label: `${title} by training step`,
      lines: [{ name: title, kind: 'model', points }],
      xName: 'training step',
      marks,
    });
    return html`<figure><h3>${title}</h3>${chart}<figcaption>${says}</figcaption></figure>`;
  })}</div></section>`;
}

function whatTheGuardDid({ interventions = [] }: Findings['model']): Markup {
  if (interventions.length === 0) return html``;
  return html`<p>The guard of the run acted, at the dashed red lines (what a run takes back is not drawn):</p>
<ul class="interventions">${interventions.map((each) => html`<li>${sayIntervention(each)}</li>`)}</ul>`;
}

const whatWasKept = ({ keptStep }: Findings['model']): Markup =>
  keptStep === undefined
    ? html``
    : html`<p>The weights are those of step ${keptStep}, after which the other view was found no more often.</p>`;
