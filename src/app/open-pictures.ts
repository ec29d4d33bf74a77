import { createViews } from '../augment/create-views.js';
import type { ViewSettings } from '../augment/index.js';
import { besideModule } from '../core/start-process.js';
import { openTable, type SampleTable, SHARD_BYTES } from '../images/sample-table.js';
import { WINDOW } from '../training/sample-order.js';
import type { OpenedSamples, Portable } from '../training/samples.js';

/** Prepared pictures and how their views are made, as plain data. */
export interface Pictures {
  readonly table: SampleTable;
  readonly shape: readonly number[];
  readonly views: ViewSettings;
  /** What a thread may hold of samples that lie in files, as `shareOf` says it. */
  readonly holdBytes: number;
}

/**
 * What each of several threads may hold of a budget in bytes: all of them together never more than the budget. 0, each
 * sample is read by itself, where a share has no room for a window of shards: every shard would be read again and again.
 */
export function shareOf(budgetBytes: number, threads: number): number {
  const share = Math.floor(budgetBytes / Math.max(1, threads));
  return share < WINDOW * SHARD_BYTES ? 0 : share;
}

/** For a thread that makes views. */
export function openPictures({ table, shape, views, holdBytes }: Pictures): OpenedSamples {
  return { samples: openTable(table, { holdBytes }), views: createViews(views, shape) };
}

/** How threads come to these pictures. */
export const portablePictures = (pictures: Pictures): Portable => ({
  module: besideModule(import.meta.url, './open-pictures'),
  name: openPictures.name,
  options: pictures,
});
