import type { Contestant, Findings } from '../../../src/evaluation/report/findings.js';

const score = (recall: number) => ({
  recall,
  low: recall - 0.02,
  high: recall + 0.02,
  hits: Float32Array.of(1, 0.5, 1),
});

const rival = (name: string, kind: Contestant['kind'], recall: number, lead: number): Contestant => ({
  name,
  kind,
  score: score(recall),
  lead: { mean: lead, low: lead - 0.02, high: lead + 0.02 },
});

/** Findings about three pictures, every number said here: for what the page makes of them. */
export function madeUpFindings(over: Partial<Findings> = {}): Findings {
  return {
    model: {
      modelId: 'made-up',
      kindredVersion: '0.1.0',
      createdAt: '2026-01-02T03:04:05.000Z',
      modality: 'image',
      dimension: 64,
      sample: { shape: [16, 16, 3] },
      preparation: { size: 16 },
      encoderParameters: 1234,
      data: { fingerprint: 'abc', count: 3000, source: 'folder x', skipped: 2 },
      settings: { training: { architecture: 'residual' }, views: { crop: { area: [0.3, 1] }, flip: 0.5, hue: 0 } },
      seed: 7,
      parent: null,
      curve: [
        { step: 10, epoch: 1, seconds: 1, loss: 4, alignment: 0.5 },
        { step: 20, epoch: 2, seconds: 2, loss: 3, alignment: 0.4 },
      ],
      scores: { seconds: 90, steps: 20 },
      spent: { decode: 3 },
      baselines: {},
      credits: [],
    },
    pool: {
      source: 'folder x',
      names: ['a', 'b', 'c'],
      thumbnails: Array<string>(3).fill('data:image/webp;base64,AAAA'),
    },
    score: { ...score(0.9), dimension: 64, alignment: 0.3, uniformity: -3, effectiveRank: 40, deviation: 0.1 },
    contestants: [
      { name: 'This model', kind: 'model', score: score(0.9) },
      rival('The same network before training', 'untrained', 0.3, 0.6),
      rival('Raw pixels', 'pixels', 0.7, 0.2),
      rival('Pixels, whitened', 'pixels', 0.6, 0.3),
    ],
    neighbourhoods: [
      { picture: 0, model: [{ picture: 1, similarity: 0.8 }], pixels: [{ picture: 2, similarity: 0.7 }] },
    ],
    map: { x: Float32Array.of(0, 0.5, 1), y: Float32Array.of(1, 0, 0.5), share: 0.25 },
    invariance: {
      pictures: 3,
      apart: { model: 0.1, pixels: 0.2 },
      views: [
        {
          view: 'crop',
          dial: 'cut away',
          points: [0, 0.4, 0.8].map((strength) => ({ strength, model: 1 - strength, pixels: 1 - strength / 2 })),
        },
        { view: 'flip', dial: 'mirrored', points: [0, 1].map((strength) => ({ strength, model: 1, pixels: 0.5 })) },
      ],
    },
    ...over,
  };
}
