import type { Findings } from '../findings.js';
import { type Child, html, type Markup } from '../html.js';
import { sayCount, sayDuration } from '../say-number.js';

/** Where the model comes from: enough to make it again. */
export function settingsSection({ model, pool }: Findings): Markup {
  const { data, settings, spent = {}, scores, backbone } = model;
  const training = (settings.training ?? {}) as Readonly<Record<string, unknown>>;
  const rows: readonly (readonly [string, Child])[] = [
    [
      'Learnt from',
      `${data.source}: ${sayCount(data.count)} pictures${data.skipped > 0 ? `, ${sayCount(data.skipped)} skipped` : ''}`,
    ],
    ['Looked at here', `${pool.source}: ${sayCount(pool.names.length)} pictures`],
    ['Fingerprint of the data', html`<code>${data.fingerprint}</code>`],
    [
      'Network',
      `${String(training.architecture ?? 'unknown')}, ${sayCount(model.encoderParameters)} parameters, ${model.dimension} numbers a picture`,
    ],
    ['Samples', `${model.sample.shape.join(' × ')}`],
    ['Time', time(scores)],
    [
      'of which',
      Object.entries(spent)
        .map(([part, seconds]) => `${part} ${sayDuration(seconds)}`)
        .join(', ') || undefined,
    ],
    ['Seed', model.seed],
    ['Went on from', model.parent ?? undefined],
    ['Adapted from', backbone && `${backbone.name} (${backbone.licence})`],
    ['Made with', `Kindred ${model.kindredVersion}, ${model.createdAt}`],
    ['Command', model.command === undefined ? undefined : html`<code>${model.command}</code>`],
    ['Licence', model.licence],
    ['Credits', model.credits.length > 0 && html`<ul>${model.credits.map((credit) => html`<li>${credit}</li>`)}</ul>`],
  ];
  return html`<section><h2>How it was made</h2>
<dl>${rows.map(([name, value]) => value !== undefined && value !== false && html`<dt>${name}</dt><dd>${value}</dd>`)}</dl>
<details><summary>All settings</summary><pre>${JSON.stringify({ preparation: model.preparation, ...settings }, null, 2)}</pre></details></section>`;
}

function time({ seconds, steps }: Readonly<Record<string, number>>): string | undefined {
  if (seconds === undefined) return undefined;
  return `${sayDuration(seconds)} of training${steps === undefined ? '' : `, ${sayCount(steps)} steps`}`;
}
