import { describe, expect, it } from 'vitest';
import type { JudgedRow } from '../../../src/evaluation/judge-labelled.js';
import type { Contestant } from '../../../src/evaluation/report/findings.js';
import { renderReport } from '../../../src/evaluation/report/render-report.js';
import { madeUpFindings } from './made-up-findings.js';

const VOID = new Set(['meta', 'br', 'img', 'hr', 'link']);

/** Opens and closes tags as XML would, and throws where one does not fit. Gives back the tags by name. */
function tagsOf(page: string): Map<string, string[]> {
  const open: string[] = [];
  const found = new Map<string, string[]>();
  const body = page.replace(/<style>[\s\S]*?<\/style>/, '').replace('<!doctype html>', '');
  for (const [tag, slash, name, attributes, closed] of body.matchAll(
    /<(\/?)([a-z][a-z0-9]*)((?:\s+[a-zA-Z0-9-]+="[^"<]*")*)\s*(\/?)>/g,
  )) {
    found.set(name!, [...(found.get(name!) ?? []), attributes!]);
    if (slash && open.pop() !== name) throw new Error(`${tag} closes nothing`);
    if (!slash && !closed && !VOID.has(name!)) open.push(name!);
  }
  const rest = body.replaceAll(/<\/?[a-z][a-z0-9]*(?:\s+[a-zA-Z0-9-]+="[^"<]*")*\s*\/?>/g, '');
  expect(rest).not.toMatch(/[<>]/);
  expect(open).toEqual([]);
  return found;
}

const rivals = (lead: number): [Contestant, ...Contestant[]] => {
  const [model] = madeUpFindings().contestants;
  const score = { ...model.score, recall: model.score.recall - lead };
  return [
    model,
    { name: 'Raw pixels', kind: 'pixels', score, lead: { mean: lead, low: lead - 0.05, high: lead + 0.05 } },
  ];
};

describe('renderReport', () => {
  it('is well formed, with a section for everything that was found', () => {
    const page = renderReport(madeUpFindings());

    const tags = tagsOf(page);
    expect(tags.get('image')).toHaveLength(3);
    for (const heading of ['Who finds', 'What it calls', 'A map', 'What it looks past', 'How training', 'How it was'])
      expect(page).toContain(`<h2>${heading}`);
    expect(page.match(/aria-label="(Loss|Alignment) by training step"/g)).toHaveLength(2);
    expect(page).toContain('only 25.0%');
    expect(page).toContain('In training: up to 0.7.');
    expect(page).toContain('chance 0.5');
    expect(page.match(/class="level (model|pixels)"/g)).toHaveLength(2);
    expect(page).not.toMatch(/NaN|undefined|\[object/);
  });

  it('asks nothing of any network: pictures are inside, and nothing else is referred to', () => {
    const page = renderReport(madeUpFindings());

    const references = [...page.matchAll(/(?:href|src|action|data|poster|xlink:href)="([^"]*)"/g)].map(([, to]) => to!);
    expect(references.length).toBeGreaterThan(3);
    for (const to of references) expect(to).toMatch(/^(#p\d+$|data:image\/webp;base64,)/);
    expect(page).not.toMatch(/url\(|@import|<script|<link|https?:/);
    expect(page).toContain('default-src &#39;none&#39;');
  });

  it('escapes whatever it did not write itself', () => {
    const nasty = `"><script>alert(1)</script><img src='http://x.test/a.png' onerror=alert(2)>&`;
    const { model, pool } = madeUpFindings();

    const page = renderReport(
      madeUpFindings({
        model: {
          ...model,
          modelId: nasty,
          command: nasty,
          licence: nasty,
          credits: [nasty],
          data: { ...model.data, source: nasty },
          settings: { training: { architecture: nasty } },
          spent: { [nasty]: 1 },
        },
        pool: { ...pool, source: nasty, names: [nasty, `${nasty}\u0000`, 'c'] },
      }),
    );

    const tags = tagsOf(page);
    expect(tags.has('script')).toBe(false);
    expect(tags.has('img')).toBe(false);
    expect(page).toContain('&quot;&gt;&lt;script&gt;alert(1)');
    expect(page).not.toContain('\u0000');
  });

  it.each([
    [0.2, 'Better than pixels'],
    [0.01, 'No clear gain over pixels'],
    [-0.2, 'Worse than pixels'],
  ])('with a lead of %d says: %s', (lead, title) => {
    expect(renderReport(madeUpFindings({ contestants: rivals(lead) }))).toContain(title);
  });

  it('holds the model against the best way of comparing pixels, and against the network before training', () => {
    const page = renderReport(madeUpFindings());

    expect(page).toContain('Comparing pixels directly (raw pixels) does so 70% of the time: +20.0 points');
    expect(page).toContain('The same network before training does so 30% of the time');
    expect(page).toContain('Training helped');
  });

  it('says first when a model has collapsed', () => {
    const { score } = madeUpFindings();

    const page = renderReport(madeUpFindings({ score: { ...score, effectiveRank: 1.2 } }));

    expect(page).toContain('It is broken');
    expect(page).toContain('about 1.2 of 64 dimensions');
    expect(page).not.toContain('It did not collapse');
  });

  it('says what the guard of the run did, marks it in every chart, and says which step was kept', () => {
    const { model } = madeUpFindings();
    const interventions = [
      { step: 10, action: 'warn' as const, says: 'at step 10 it sank.', rateShare: 1 },
      { step: 30, action: 'restore' as const, says: 'at step 30 it sank.', rateShare: 0.1 * 0.1, backTo: 20 },
    ];
    const page = renderReport(madeUpFindings({ model: { ...model, interventions, keptStep: 20 } }));

    tagsOf(page);
    expect(page).toContain('<li>Training looks unwell: at step 10 it sank. This is only a warning.</li>');
    expect(page).toContain('It goes back to step 20, and on from there at 0.01 of its learning rate.');
    expect(page.match(/class="mark"/g)).toHaveLength(2 * 2);
    expect(page).toContain('those of step 20');
    expect(renderReport(madeUpFindings())).not.toMatch(/class="mark"|guard/);
  });

  it('draws what there is: a curve of one point, or none at all', () => {
    const { model } = madeUpFindings();
    const drawn = (curve: typeof model.curve) => renderReport(madeUpFindings({ model: { ...model, curve } }));

    expect(drawn(model.curve.slice(0, 1))).not.toContain('NaN');
    expect(drawn([])).not.toContain('How training went');
  });

  it('sets what labels say beside the untrained network and pixels, where there are labels', () => {
    const judged = (what: string, kind: JudgedRow['kind'], mean: number, tenth?: number): JudgedRow => ({
      what,
      kind,
      recallAt1: { mean, low: mean - 0.1, high: mean + 0.1 },
      recallAt5: mean,
      meanAveragePrecision: mean - 0.2,
      knn: { mean, low: mean, high: mean },
      linear: { mean, low: mean, high: mean },
      few: tenth === undefined ? [] : [{ share: 0.1, labels: 4, draws: 5, linear: tenth, spread: tenth, knn: tenth }],
    });
    const rows = [
      judged('made-up', 'model', 0.8, 0.445),
      judged('untrained made-up', 'untrained', 0.4),
      judged('whitened-pixels', 'pixels', 0.6),
    ];

    const page = renderReport(madeUpFindings({ labelled: { label: '<kind>', pictures: 1200, labels: 7, rows } }));

    tagsOf(page);
    expect(page).toContain('sorted 1,200 pictures into 7 kinds (<code>&lt;kind&gt;</code>)');
    const section = page.slice(page.indexOf('Does it agree with people?'), page.indexOf('What it calls'));
    for (const figure of [
      '>80.0%<',
      'x="70.00"',
      '60.0%',
      '44.5%',
      '–',
      'This model',
      'Pixels, whitened',
      'before training',
    ])
      expect(section).toContain(figure);
    expect(section.match(/<tr/g)).toHaveLength(4);
    expect(renderReport(madeUpFindings())).not.toContain('Does it agree with people?');
  });
});
