import type { Region } from '../../src/core/region.js';
import type { FeatureMap } from '../../src/encoder/encoder.js';
import { linearProbe } from '../../src/evaluation/linear-probe.js';
import type { Rows } from '../../src/evaluation/rows.js';

/** Intersection over union of two boxes. */
export function overlap(a: Region, b: Region): number {
  const along = (start: number, length: number, from: number, extent: number) =>
    Math.max(0, Math.min(start + length, from + extent) - Math.max(start, from));
  const both = along(a.x, a.width, b.x, b.width) * along(a.y, a.height, b.y, b.height);
  return both / (a.width * a.height + b.width * b.height - both);
}

/** One answer of a detector. */
export interface Detection {
  readonly score: number;
  /** Whether it is where the thing is. */
  readonly right: boolean;
}

/**
 * Average precision: the mean, over everything that was to be found, of the precision at the score that finds it; 0 for
 * what is never found. Of equal scores wrong ones count as before right ones.
 */
export function averagePrecision(detections: readonly Detection[], wanted: number): number {
  const ranked = [...detections].sort((a, b) => b.score - a.score || Number(a.right) - Number(b.right));
  let [found, sum] = [0, 0];
  for (const [i, { right }] of ranked.entries()) {
    if (!right) continue;
    found++;
    sum += found / (i + 1);
  }
  return sum / wanted;
}

/** A scene as a network sees it, and `[size, size]` of what each pixel is: classes from 0 on, ground among them. */
export interface Labelled {
  readonly map: FeatureMap;
  readonly truth: Uint8Array;
}

/**
 * How well hyperplanes tell what is where by the features of a place: fitted on the cells of some scenes (a cell is
 * what most of its pixels are, of equals the later class), judged on every pixel of others, whose features are
 * interpolated between cells.
 * @returns mean over the classes that are there of the intersection over union, all pixels together
 */
export async function meanIou(fit: readonly Labelled[], judged: readonly Labelled[]): Promise<number> {
  const dimension = fit[0]!.map.channels;
  const values = new Float32Array(fit.reduce((sum, { map }) => sum + map.cells.length, 0));
  const labels: number[] = [];
  let at = 0;
  for (const one of fit) {
    values.set(one.map.cells, at);
    at += one.map.cells.length;
    labels.push(...cellLabels(one));
  }
  const probe = await linearProbe({ values, dimension }, labels);
  const [there, found, both] = [new Float64Array(256), new Float64Array(256), new Float64Array(256)];
  for (const { map, truth } of judged) {
    const said = await probe.predict(pixelFeatures(map, Math.sqrt(truth.length)));
    for (const [i, label] of truth.entries()) {
      there[label]!++;
      found[said[i]!]!++;
      if (said[i] === label) both[label]!++;
    }
  }
  const ious = [...there.keys()]
    .filter((label) => there[label]! > 0)
    .map((label) => both[label]! / (there[label]! + found[label]! - both[label]!));
  return ious.reduce((sum, iou) => sum + iou, 0) / ious.length;
}

function cellLabels({ map: { width, height }, truth }: Labelled): number[] {
  const size = Math.sqrt(truth.length);
  const classes = 1 + truth.reduce((most, label) => Math.max(most, label), 0);
  const counts = new Float64Array(width * height * classes);
  for (const [i, label] of truth.entries()) {
    const [y, x] = [Math.floor(i / size), i % size];
    const cell = Math.floor((y * height) / size) * width + Math.floor((x * width) / size);
    counts[cell * classes + label]!++;
  }
  return Array.from({ length: width * height }, (_, cell) => {
    const own = counts.subarray(cell * classes, (cell + 1) * classes);
    return own.lastIndexOf(own.reduce((most, count) => Math.max(most, count)));
  });
}

/** The features at each pixel, `[size · size, channels]`, between the middles of the cells around it. */
function pixelFeatures({ width, height, channels, cells }: FeatureMap, size: number): Rows {
  const values = new Float32Array(size * size * channels);
  const between = (pixel: number, count: number) => {
    const place = Math.max(0, Math.min(count - 1, ((pixel + 0.5) * count) / size - 0.5));
    const first = Math.min(Math.floor(place), Math.max(0, count - 2));
    return [first, Math.min(first + 1, count - 1), place - first] as const;
  };
  for (let y = 0; y < size; y++)
    for (let x = 0; x < size; x++) {
      const [up, down, lower] = between(y, height);
      const [left, right, later] = between(x, width);
      const corners = [
        [up * width + left, (1 - lower) * (1 - later)],
        [up * width + right, (1 - lower) * later],
        [down * width + left, lower * (1 - later)],
        [down * width + right, lower * later],
      ] as const;
      for (const [cell, share] of corners)
        for (let c = 0; c < channels; c++)
          values[(y * size + x) * channels + c]! += share * cells[cell * channels + c]!;
    }
  return { values, dimension: channels };
}

/** The map of somebody who has learnt nothing: the pixels `[size, size, 3]` of each square of `cell` pixels. */
export function pixelMap(pixels: Uint8Array, cell: number): FeatureMap {
  const size = Math.sqrt(pixels.length / 3);
  const [side, channels] = [size / cell, 3 * cell * cell];
  const cells = new Float32Array(pixels.length);
  for (let i = 0; i < pixels.length; i++) {
    const [y, x, colour] = [Math.floor(i / (3 * size)), Math.floor(i / 3) % size, i % 3];
    const inside = (y % cell) * cell + (x % cell);
    cells[(Math.floor(y / cell) * side + Math.floor(x / cell)) * channels + 3 * inside + colour] = pixels[i]! / 255;
  }
  return { width: side, height: side, channels, cells };
}
