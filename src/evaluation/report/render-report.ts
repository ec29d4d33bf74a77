import type { Findings } from './findings.js';
import { html, Markup } from './html.js';
import { pictureDefinitions } from './picture.js';
import { REPORT_STYLE } from './report-style.js';
import { sayCount } from './say-number.js';
import { curvesSection } from './sections/curves-section.js';
import { invarianceSection } from './sections/invariance-section.js';
import { mapSection } from './sections/map-section.js';
import { neighboursSection } from './sections/neighbours-section.js';
import { scoresSection } from './sections/scores-section.js';
import { settingsSection } from './sections/settings-section.js';
import { verdictSection } from './sections/verdict-section.js';

/** Nothing is fetched and no script runs, whatever the names in the page say. */
const POLICY = "default-src 'none'; img-src data:; style-src 'unsafe-inline'";

/** One HTML file that stands for itself: style and pictures inside, no script, for people who know nothing of training. */
export function renderReport(findings: Findings): string {
  const { model, pool } = findings;
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="${POLICY}">
<title>${model.modelId}: report</title>
<style>${new Markup(REPORT_STYLE)}</style>
</head>
<body>
${pictureDefinitions(pool)}
<main>
<header><h1>${model.modelId}</h1>
<p>A model that learnt from ${sayCount(model.data.count)} pictures, without labels, to tell which look alike. Made on ${model.createdAt.slice(0, 10)}.</p></header>
${verdictSection(findings)}
${scoresSection(findings)}
${neighboursSection(findings)}
${mapSection(findings)}
${invarianceSection(findings)}
${curvesSection(findings)}
${settingsSection(findings)}
</main>
</body>
</html>
`.text;
}
