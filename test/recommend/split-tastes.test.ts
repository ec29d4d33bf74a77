import { describe, expect, it } from 'vitest';
import { Random } from '../../src/core/random.js';
import { dot, unit } from '../../src/core/vectors.js';
import { type Like, splitTastes } from '../../src/recommend/split-tastes.js';
import { at } from './small-world.js';

interface Named extends Like {
  readonly name: string;
}
const liked = (degrees: number, weight = 1): Named => ({ name: String(degrees), vector: unit(at(degrees)), weight });
const names = (likes: readonly Named[], alike: number, most = 10): string[][] =>
  splitTastes(likes, { alike, most }).map((taste) => taste.likes.map(({ name }) => name));

describe('tastes', () => {
  it('are as many as there are likes that are not alike', () => {
    const likes = [liked(0), liked(90), liked(5), liked(200), liked(95)];

    expect(names(likes, 0.9)).toEqual([['0', '5'], ['90', '95'], ['200']]);
    expect(names(likes, -1)).toEqual([['0', '90', '5', '200', '95']]);
    expect(names(likes, 1)).toHaveLength(5);
    expect(names([], 0.9)).toEqual([]);
  });

  it('stand by their weight, the strongest like first, ties in the order given', () => {
    const likes = [liked(0, 1), liked(90, 2), liked(95, 3), liked(180, 1)];

    expect(names(likes, 0.9)).toEqual([['95', '90'], ['0'], ['180']]);
    expect(splitTastes(likes, { alike: 0.9, most: 10 }).map(({ weight }) => weight)).toEqual([5, 1, 1]);
  });

  it('are the heaviest where there are more than may be kept', () => {
    expect(names([liked(0, 1), liked(90, 2), liked(180, 3)], 0.9, 2)).toEqual([['180'], ['90']]);
  });

  it('take a like where its cosine to the first is highest', () => {
    expect(names([liked(0, 3), liked(50, 2), liked(30, 1)], 0.7)).toEqual([['0'], ['50', '30']]);
  });

  it('hold every like once, within reach of the first, and no two firsts within reach of each other', () => {
    const random = new Random(5);
    const likes = Array.from({ length: 150 }, (_, i) => ({
      name: String(i),
      vector: unit([0, 0, 0].map(() => random.normal())),
      weight: 0.01 + random.next(),
    }));
    const tastes = splitTastes(likes, { alike: 0.8, most: 150 });

    expect(tastes.flatMap((taste) => taste.likes.map(({ name }) => name)).sort()).toEqual(
      likes.map(({ name }) => name).sort(),
    );
    const firsts = tastes.map((taste) => taste.likes[0]!);
    for (const [t, taste] of tastes.entries())
      for (const like of taste.likes) expect(dot(like.vector, firsts[t]!.vector)).toBeGreaterThanOrEqual(0.8);
    for (const [i, a] of firsts.entries())
      for (const b of firsts.slice(0, i)) expect(dot(a.vector, b.vector)).toBeLessThan(0.8);
  });
});
