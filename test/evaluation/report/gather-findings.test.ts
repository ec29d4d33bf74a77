import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { cosine } from '../../../src/core/vectors.js';
import type { Findings } from '../../../src/evaluation/report/findings.js';
import { gatherFindings, type Inspected } from '../../../src/evaluation/report/gather-findings.js';
import { demoInspected } from './demo-inspected.js';

const COUNT = 40;
let inspected: Inspected;
let findings: Findings;

beforeAll(async () => {
  inspected = await demoInspected(COUNT);
  findings = await gatherFindings(inspected);
});
afterAll(async () => {
  await inspected.encoder.close();
  await inspected.untrained?.close();
});

describe('gatherFindings', () => {
  it('sets the model beside the untrained network and pixels, each with how far the model is ahead', () => {
    const { contestants, score } = findings;

    expect(contestants.map(({ kind }) => kind)).toEqual([
      'model',
      'untrained',
      'untrained',
      'pixels',
      'pixels',
      'pixels',
      'pixels',
    ]);
    expect(contestants[0].score).toBe(score);
    for (const { score: theirs, lead } of contestants.slice(1)) {
      expect(lead!.mean).toBeCloseTo(score.recall - theirs.recall, 6);
      expect(lead!.low).toBeLessThanOrEqual(lead!.mean);
    }
    expect(contestants[1]!.score.recall).toBeLessThan(score.recall);
  });

  it('finds the neighbours that plain comparison finds', async () => {
    const { neighbourhoods } = findings;
    const vectors = await inspected.encoder.encode(inspected.samples);

    expect(new Set(neighbourhoods.map(({ picture }) => picture)).size).toBe(12);
    for (const { picture, model } of neighbourhoods) {
      const others = vectors
        .map((vector, other) => ({ other, similarity: cosine(vectors[picture]!, vector) }))
        .filter(({ other }) => other !== picture)
        .sort((a, b) => b.similarity - a.similarity);
      expect(model.map((each) => each.picture)).toEqual(others.slice(0, 6).map(({ other }) => other));
    }
  });

  it('maps every picture into the square, and says how much the plane shows', () => {
    const { x, y, share } = findings.map;

    expect([x.length, y.length]).toEqual([COUNT, COUNT]);
    for (const places of [x, y]) expect([Math.min(...places), Math.max(...places)]).toEqual([0, 1]);
    expect(share).toBeGreaterThan(2 / COUNT);
    expect(share).toBeLessThan(1);
  });

  it('measures how alike changed pictures stay, against how alike different ones are', async () => {
    const { views, apart, pictures } = findings.invariance;
    const vectors = await inspected.encoder.encode(inspected.samples);
    let sum = 0;
    for (let i = 0; i < COUNT; i++) for (let j = 0; j < i; j++) sum += cosine(vectors[i]!, vectors[j]!);

    expect(pictures).toBe(COUNT);
    expect(apart.model).toBeCloseTo(sum / ((COUNT * (COUNT - 1)) / 2), 4);
    expect(views.map(({ view }) => view)).toEqual(inspected.sweeps.map(({ name }) => name));
    for (const { points } of views) {
      expect(points[0]).toEqual({ strength: 0, model: 1, pixels: 1 });
      expect(points[1]!.model).toBeLessThan(1);
    }
    const crop = views.find(({ view }) => view === 'crop')!.points.map(({ model }) => model);
    expect([...crop].sort((a, b) => b - a)).toEqual(crop);
  });

  it('says the same of the same model and pictures', async () => {
    const few = { ...inspected, samples: inspected.samples.slice(0, 8), names: inspected.names.slice(0, 8) };

    expect(await gatherFindings(few)).toEqual(await gatherFindings(few));
  });

  it('says how far it has come, from none of its parts to all', async () => {
    const said: string[] = [];
    const few = { ...inspected, samples: inspected.samples.slice(0, 8), names: inspected.names.slice(0, 8) };
    await gatherFindings({ ...few, progress: ({ done, total }) => said.push(`${done}/${total}`) });

    const parts = 4 + inspected.sweeps.length;
    expect(said).toEqual(Array.from({ length: parts + 1 }, (_, done) => `${done}/${parts}`));
  });

  it('stops when it is told to, and refuses one picture alone', async () => {
    await expect(gatherFindings({ ...inspected, signal: AbortSignal.abort() })).rejects.toMatchObject({
      code: 'CANCELLED',
    });
    await expect(gatherFindings({ ...inspected, samples: inspected.samples.slice(0, 1) })).rejects.toThrow(RangeError);
  });
});
